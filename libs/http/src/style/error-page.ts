const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * An error as a small page of HTML, laid out as WebOb does.
 * @param title `404 Not Found`. @param lead the sentence of the status, where the service tells it.
 */
export function errorPage(title: string, text: string, lead?: string): string {
  const content =
    lead === undefined ? `${escaped(text)}<br /><br />\n\n\n` : `${escaped(lead)}<br /><br />\n${escaped(text)}\n\n`;
  return `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n  ${content}\n </body>\n</html>`;
}
