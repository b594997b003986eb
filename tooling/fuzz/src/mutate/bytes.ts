import type { Draw } from '../draw.ts';

/** Places where varints, lengths, tags and characters change their meaning. */
const EDGES = [0x00, 0x01, 0x07, 0x08, 0x0a, 0x0f, 0x10, 0x12, 0x1f, 0x20, 0x21, 0x7f, 0x80, 0x81, 0xc0, 0xff];

/** What no input grows beyond: more than any limit that the parsers have. */
const MAX_LENGTH = 300_000;

type Change = (draw: Draw, bytes: Uint8Array, others: readonly Uint8Array[]) => Uint8Array;

const changes: readonly Change[] = [
  (draw, bytes) => {
    const copy = bytes.slice();
    const at = draw.below(copy.length);
    if (copy.length > 0) copy[at] = copy[at]! ^ (1 << draw.below(8));
    return copy;
  },
  (draw, bytes) => {
    const copy = bytes.slice();
    if (copy.length > 0) copy[draw.below(copy.length)] = draw.once(2) ? draw.pick(EDGES) : draw.below(256);
    return copy;
  },
  (draw, bytes) => bytes.slice(0, draw.below(bytes.length + 1)),
  (draw, bytes) => bytes.slice(draw.below(bytes.length + 1)),
  (draw, bytes) => spliced(bytes, draw.below(bytes.length + 1), 0, draw.bytes(1 + draw.below(12))),
  (draw, bytes) => spliced(bytes, draw.below(bytes.length + 1), 1 + draw.below(16), new Uint8Array()),
  // A part once more, or many times.
  (draw, bytes) => {
    const at = draw.below(bytes.length);
    const part = bytes.slice(at, at + 1 + draw.below(32));
    return spliced(bytes, at, 0, repeated(part, draw.once(40) ? 2_000 : 1 + draw.below(4)));
  },
  // The beginning of one, the end of another.
  (draw, bytes, others) => {
    const other = draw.pick(others);
    return spliced(
      bytes.slice(0, draw.below(bytes.length + 1)),
      bytes.length,
      0,
      other.slice(draw.below(other.length)),
    );
  },
  // A run of one value.
  (draw, bytes) => {
    const at = draw.below(bytes.length);
    return bytes.slice().fill(draw.pick(EDGES), at, at + 1 + draw.below(40));
  },
  // A varint that is longer, or larger, than any may be.
  (draw, bytes) => {
    const varint = Uint8Array.from({ length: 4 + draw.below(9) }, () => 0x80 | draw.below(128));
    varint[varint.length - 1] = draw.below(128);
    return spliced(bytes, draw.below(bytes.length + 1), draw.below(3), varint);
  },
];

/** Bytes after one to four changes; `others` are what parts are taken from. */
export function mutateBytes(draw: Draw, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  let changed = bytes;
  for (let left = 1 + draw.below(4); left > 0; left--) changed = draw.pick(changes)(draw, changed, others);
  return changed.length > MAX_LENGTH ? changed.slice(0, MAX_LENGTH) : changed;
}

function spliced(bytes: Uint8Array, at: number, drop: number, insert: Uint8Array): Uint8Array {
  const start = Math.min(at, bytes.length);
  const rest = Math.min(start + drop, bytes.length);
  const result = new Uint8Array(start + insert.length + bytes.length - rest);
  result.set(bytes.subarray(0, start));
  result.set(insert, start);
  result.set(bytes.subarray(rest), start + insert.length);
  return result;
}

function repeated(part: Uint8Array, times: number): Uint8Array {
  const result = new Uint8Array(part.length * times);
  for (let index = 0; index < times; index++) result.set(part, index * part.length);
  return result;
}
