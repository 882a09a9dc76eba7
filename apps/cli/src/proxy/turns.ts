/**
 * Shares a number of places between their owners: of those that wait, the one with the fewest gets the next place; of
 * several, the one that has waited longest. So a program with a hundred connections does not keep the others waiting.
 */
export class Turns {
  private readonly places: number;
  private readonly held = new Map<string, number>();
  private readonly waiting: { readonly owner: string; readonly start: () => void }[] = [];
  private taken = 0;

  constructor(places: number) {
    this.places = places;
  }

  /**
   * Asks for a place.
   *
   * @param owner who wants it
   * @param start called once it is there, with the function that gives it back
   * @returns ends the waiting; without effect once `start` was called
   */
  take(owner: string, start: (release: () => void) => void): () => void {
    const entry = { owner, start: () => start(this.hold(owner)) };
    this.waiting.push(entry);
    this.advance();
    return () => {
      const at = this.waiting.indexOf(entry);
      if (at >= 0) this.waiting.splice(at, 1);
    };
  }

  private hold(owner: string): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.taken -= 1;
      this.count(owner, -1);
      this.advance();
    };
  }

  private advance(): void {
    while (this.taken < this.places && this.waiting.length > 0) {
      const fewest = Math.min(...this.waiting.map(({ owner }) => this.held.get(owner) ?? 0));
      const at = this.waiting.findIndex(({ owner }) => (this.held.get(owner) ?? 0) === fewest);
      const [next] = this.waiting.splice(at, 1);
      if (next === undefined) return;
      this.taken += 1;
      this.count(next.owner, 1);
      next.start();
    }
  }

  private count(owner: string, change: number): void {
    const count = (this.held.get(owner) ?? 0) + change;
    if (count === 0) this.held.delete(owner);
    else this.held.set(owner, count);
  }
}
