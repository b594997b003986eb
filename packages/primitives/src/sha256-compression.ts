import { _SHA256 } from '@noble/hashes/sha2.js';

/** The compression function of SHA-256 with its state in our hands; noble leaves these parts `protected`, so they are typed. */
export class Compression extends _SHA256 {
  load(states: Int32Array, at: number): void {
    this.set(
      states[at] as number,
      states[at + 1] as number,
      states[at + 2] as number,
      states[at + 3] as number,
      states[at + 4] as number,
      states[at + 5] as number,
      states[at + 6] as number,
      states[at + 7] as number,
    );
  }

  save(states: Int32Array, at: number): void {
    states[at] = this.A;
    states[at + 1] = this.B;
    states[at + 2] = this.C;
    states[at + 3] = this.D;
    states[at + 4] = this.E;
    states[at + 5] = this.F;
    states[at + 6] = this.G;
    states[at + 7] = this.H;
  }

  compress(view: DataView, offset: number): void {
    this.process(view, offset);
  }

  writeDigest(view: DataView): void {
    view.setInt32(0, this.A);
    view.setInt32(4, this.B);
    view.setInt32(8, this.C);
    view.setInt32(12, this.D);
    view.setInt32(16, this.E);
    view.setInt32(20, this.F);
    view.setInt32(24, this.G);
    view.setInt32(28, this.H);
  }

  /** Clears the state and noble's message schedule. */
  wipe(): void {
    this.set(0, 0, 0, 0, 0, 0, 0, 0);
    this.roundClean();
  }
}
