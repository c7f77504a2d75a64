/** Counts the work of one search. A slice is what may be done before the caller gets the processor back. */
export class StepBudget {
  #spent = 0;
  #sliceEnd: number;
  readonly #max: number;
  readonly #slice: number;

  constructor(max: number, slice: number) {
    this.#max = max;
    this.#slice = slice;
    this.#sliceEnd = slice;
  }

  get spent(): number {
    return this.#spent;
  }

  get isExhausted(): boolean {
    return this.#spent >= this.#max;
  }

  get isSliceOver(): boolean {
    return this.#spent >= this.#sliceEnd;
  }

  spend(steps: number): void {
    this.#spent += steps;
  }

  nextSlice(): void {
    this.#sliceEnd = this.#spent + this.#slice;
  }
}
