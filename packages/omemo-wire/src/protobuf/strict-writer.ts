import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { WireError } from '../wire-error.ts';

const LARGEST_UINT32 = 0xffff_ffff;

/**
 * One does for all: a message is written in one go, and those of OMEMO hold nothing secret. A new one for each is a quarter of what writing
 * takes, and three objects to collect (Node 26).
 */
const writer = new BinaryWriter();
let unfinished = false;

/** Writes the fields of one message in the order called, before another one is begun. Integers are written also when 0: all are `required` (XEP-0384 section 12, R134, X16). */
export class StrictWriter {
  readonly #message: string;

  constructor(message: string) {
    this.#message = message;
    // A message that was refused in the middle left its beginning.
    if (unfinished) writer.finish();
    unfinished = true;
  }

  uint32(fieldNumber: number, name: string, value: number): this {
    if (!Number.isInteger(value) || value < 0 || value > LARGEST_UINT32) {
      throw new WireError('integer-out-of-range', `${this.#message}.${name} must be an integer of 0..4294967295`, {
        details: { in: this.#message, part: name },
      });
    }
    writer.tag(fieldNumber, WireType.Varint).uint32(value);
    return this;
  }

  bytes(fieldNumber: number, value: Uint8Array): this {
    // The writer would take what has another length than it says: an ArrayBuffer, 16-bit numbers.
    if (!(value instanceof Uint8Array))
      throw new WireError('invalid-argument', `${this.#message} must be given as Uint8Array`);
    writer.tag(fieldNumber, WireType.LengthDelimited).bytes(value);
    return this;
  }

  fixedBytes(fieldNumber: number, name: string, { value, length }: { value: Uint8Array; length: number }): this {
    if (value.length !== length) {
      throw new WireError('wrong-length', `${this.#message}.${name} must have ${length} bytes`, {
        details: { in: this.#message, part: name, limit: length, actual: value.length },
      });
    }
    return this.bytes(fieldNumber, value);
  }

  finish(): Uint8Array {
    unfinished = false;
    return writer.finish();
  }
}
