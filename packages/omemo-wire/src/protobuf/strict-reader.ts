import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { WireError, type WireErrorCode } from '../wire-error.ts';

/** A varint has at most ten bytes: 64 bits, seven a byte. */
const LONGEST_VARINT = 10;
/** Bits of the fifth byte of a varint that do not fit into 32 bits, its continuation bit left out. */
const BEYOND_32_BITS = 0x70;

/**
 * One pass over one protobuf message from a hostile peer. The caller asks for `next()` and takes every field it knows
 * with a typed read, or skips it. Generated code is not used here because it neither notices a missing required field
 * nor a repeated one, wraps integers modulo 2^32 and hands out views into the input.
 */
export class StrictReader {
  readonly #message: string;
  readonly #bytes: Uint8Array;
  readonly #reader: BinaryReader;
  #fieldNumber = 0;
  #wireType: WireType = WireType.Varint;

  constructor(message: string, bytes: Uint8Array, sizeLimit: number) {
    if (!(bytes instanceof Uint8Array))
      throw new WireError('invalid-argument', `${message} must be given as Uint8Array`);
    if (bytes.length > sizeLimit) {
      throw new WireError('too-large', `${message} has more than ${sizeLimit} bytes`, {
        details: { in: message, limit: sizeLimit, actual: bytes.length },
      });
    }
    this.#message = message;
    this.#bytes = bytes;
    this.#reader = new BinaryReader(bytes);
  }

  get fieldNumber(): number {
    return this.#fieldNumber;
  }

  get wireType(): WireType {
    return this.#wireType;
  }

  /** Reads the tag of the next field, false at the end of the message. */
  next(): boolean {
    if (this.#reader.pos >= this.#reader.len) return false;
    [this.#fieldNumber, this.#wireType] = this.#guard(() => this.#reader.tag());
    return true;
  }

  /** An unsigned integer of at most 32 bits, however many bytes it was written with. */
  uint32(name: string, soFar: number | undefined): number {
    this.#expect(name, WireType.Varint, soFar);
    const start = this.#reader.pos;
    const value = this.#guard(() => this.#reader.uint32());
    const end = this.#reader.pos;
    for (let index = start + 4; index < end; index++) {
      const excess = index === start + 4 ? BEYOND_32_BITS : 0x7f;
      if ((this.#bytes[index]! & excess) !== 0) throw this.#defect('integer-out-of-range', name, 'is above 2^32-1');
    }
    return value;
  }

  /** A copy of a field of bytes. */
  bytes(name: string, soFar: Uint8Array | undefined): Uint8Array {
    this.#expect(name, WireType.LengthDelimited, soFar);
    // A plain copy: `subarray` and `slice` of a subclass (Node's Buffer) would keep the input alive and writable.
    return new Uint8Array(this.#guard(() => this.#reader.bytes()));
  }

  /** A copy of a field of bytes that must be exactly `length` long. */
  fixedBytes(name: string, length: number, soFar: Uint8Array | undefined): Uint8Array {
    const value = this.bytes(name, soFar);
    if (value.length === length) return value;
    throw new WireError('wrong-length', `${this.#message}.${name} must have ${length} bytes`, {
      details: { in: this.#message, part: name, limit: length, actual: value.length },
    });
  }

  /**
   * Steps over an unknown field. Groups are refused: protobuf deprecated them before OMEMO existed, and skipping one is
   * the only thing here that would nest.
   */
  skip(): void {
    const start = this.#reader.pos;
    switch (this.#wireType) {
      case WireType.Varint:
        this.#guard(() => this.#reader.skip(WireType.Varint));
        if (this.#reader.pos - start > LONGEST_VARINT) throw this.#malformed();
        return;
      case WireType.LengthDelimited:
      case WireType.Bit64:
      case WireType.Bit32:
        this.#guard(() => this.#reader.skip(this.#wireType));
        return;
      default:
        throw this.#malformed();
    }
  }

  required<Value>(name: string, value: Value | undefined): Value {
    if (value === undefined) throw this.#defect('missing-field', name, 'is missing');
    return value;
  }

  #expect(name: string, wireType: WireType, soFar: unknown): void {
    if (soFar !== undefined) throw this.#defect('repeated-field', name, 'is there twice');
    if (this.#wireType !== wireType) throw this.#defect('wrong-wire-type', name, 'has the wrong wire type');
  }

  #defect(code: WireErrorCode, part: string, what: string): WireError {
    return new WireError(code, `${this.#message}.${part} ${what}`, { details: { in: this.#message, part } });
  }

  #malformed(cause?: unknown): WireError {
    return new WireError('malformed-protobuf', `${this.#message} is not a protobuf message`, {
      cause,
      details: { in: this.#message, offset: Math.min(this.#reader.pos, this.#reader.len) },
    });
  }

  /** The library reports truncation and illegal tags as RangeError and Error. */
  #guard<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (cause) {
      throw this.#malformed(cause);
    }
  }
}
