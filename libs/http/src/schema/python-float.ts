/** A number that JSON.stringify writes with the digits given, such as 1.0, which as a number of JavaScript is 1. */
export type JsonFloat = object;

const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => JsonFloat };

/** A finite number as Python writes a float: with a fraction or an exponent, always. */
export function pythonFloatText(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value !== 0 && (power < -4 || power > 15))
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const plain = power < 0 ? value.toFixed(digits.replace(/[-.]/g, '').length - 1 - power) : String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

/** For a body: a number that clients of the reference services get as a float. */
export const pythonFloat = (value: number): JsonFloat => rawJSON(pythonFloatText(value));
