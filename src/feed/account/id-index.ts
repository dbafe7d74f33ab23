/** Which ids stand under a name, in the order in which they became known. */
export class IdIndex {
  readonly #ids = new Map<string, Set<string>>();

  /** A name that is absent leads nowhere. */
  add(name: string | undefined, id: string): void {
    if (name === undefined) return;
    const ids = this.#ids.get(name);
    if (ids) ids.add(id);
    else this.#ids.set(name, new Set([id]));
  }

  delete(name: string | undefined, id: string): void {
    if (name === undefined) return;
    const ids = this.#ids.get(name);
    if (!ids) return;
    ids.delete(id);
    if (ids.size === 0) this.#ids.delete(name);
  }

  of(name: string | undefined): readonly string[] {
    return name === undefined ? [] : [...(this.#ids.get(name) ?? [])];
  }
}
