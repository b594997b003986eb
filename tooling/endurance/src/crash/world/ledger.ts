/**
 * What was said and what came of it, on both sides. Texts are unique, and each is the id of its stanza too; empty
 * messages have ids only.
 */
export class Ledger {
  readonly violations: string[] = [];
  readonly counts = { shown: 0, shownAgain: 0, left: 0, leftAgain: 0, copies: 0 };
  /** The application's database: texts by the id they were shown under, and the other way round. */
  readonly #database = new Map<string, string>();
  readonly #idOf = new Map<string, string>();
  /** Ids of stanzas that their peer read. */
  readonly #read = new Set<string>();
  /** Since the last rest: texts that the network brings to the victim, stanzas that left it, texts it has encrypted. */
  readonly #due = new Set<string>();
  readonly #left = new Map<string, string>();
  readonly #promised = new Set<string>();

  violation(what: string): void {
    this.violations.push(what);
  }

  /** A peer sent this to the victim, and the network will bring it. */
  due(text: string): void {
    this.#due.add(text);
  }

  /** The victim's application shows a message: it stores it by id. */
  show(id: string, text: string): void {
    const before = this.#database.get(id);
    if (before === undefined) this.counts.shown += 1;
    else this.counts.shownAgain += 1;
    if (before !== undefined && before !== text) this.violation(`${id} was shown as "${before}" and then as "${text}"`);
    if ((this.#idOf.get(text) ?? id) !== id) this.violation(`"${text}" was shown under two ids`);
    this.#database.set(id, text);
    this.#idOf.set(text, id);
  }

  /** A stanza left the victim, whether or not the network brings it anywhere. */
  leave(id: string, stanza: string): void {
    const before = this.#left.get(id);
    if (before === undefined) this.counts.left += 1;
    else this.counts.leftAgain += 1;
    if (before !== undefined && before !== stanza) this.violation(`${id} was sent again with other bytes`);
    this.#left.set(id, stanza);
  }

  /** The victim was told that this text is encrypted and will be sent. */
  promise(text: string): void {
    this.#promised.add(text);
  }

  /** A peer read a stanza of the victim's. */
  read(id: string): void {
    if (this.#read.has(id)) this.violation(`a peer read ${id} twice, as if it were two messages`);
    this.#read.add(id);
  }

  /** A peer got a stanza of the victim's again and knew it. */
  copy(id: string): void {
    this.counts.copies += 1;
    if (!this.#read.has(id)) this.violation(`a peer took ${id} for a copy and had not read it`);
  }

  /** All is at rest: nothing may be missing. */
  close(): void {
    for (const text of this.#due) if (!this.#idOf.has(text)) this.violation(`"${text}" was delivered and never shown`);
    for (const id of this.#left.keys())
      if (!this.#read.has(id)) this.violation(`${id} left and its peer never read it`);
    for (const text of this.#promised) {
      if (!this.#read.has(text)) this.violation(`"${text}" was encrypted and its peer never read it`);
    }
    this.#due.clear();
    this.#left.clear();
    this.#promised.clear();
  }
}
