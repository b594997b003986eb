import { Secret } from '@omemo-kit/primitives';
import { OmemoError } from '../errors.ts';
import { ByteReader, ByteWriter, corrupt } from './byte-stream.ts';

/** How one value is laid out in a record. Readers never run past the end and never trust a length. */
export interface Field<T> {
  write(out: ByteWriter, value: T): void;
  read(input: ByteReader): T;
}

/** A stored format: its fields and the schema version kept beside the bytes. */
export interface RecordCodec<T> {
  readonly version: number;
  /** Decoded values are worth keeping: they are read again and again, and their key objects with them. */
  readonly keep: boolean;
  encode(value: T): Uint8Array;
  /** @throws OmemoError `corrupt-record`, or `newer-schema` for a version this code does not know. */
  decode(stored: { readonly value: Uint8Array; readonly version: number }): T;
}

function unsigned(size: 1 | 4 | 8): Field<number> {
  return {
    write(out, value) {
      if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** size)
        throw corrupt('would hold a number out of range');
      out.number(value, size);
    },
    read(input) {
      let value = 0;
      for (const byte of input.take(size)) value = value * 256 + byte;
      if (!Number.isSafeInteger(value)) throw corrupt('holds a number out of range');
      return value;
    },
  };
}

const u8 = unsigned(1);
export const u32 = unsigned(4);
/** Up to 2^53 - 1: counters and milliseconds. */
export const u53 = unsigned(8);

export const flag: Field<boolean> = {
  write: (out, value) => u8.write(out, value ? 1 : 0),
  read(input) {
    const value = u8.read(input);
    if (value > 1) throw corrupt('holds a flag that is neither 0 nor 1');
    return value === 1;
  },
};

export function fixedBytes(length: number): Field<Uint8Array> {
  return {
    write(out, value) {
      if (value.length !== length) throw corrupt(`would hold ${value.length} bytes where ${length} belong`);
      out.put(value);
    },
    read: (input) => input.take(length).slice(),
  };
}

export const bytes: Field<Uint8Array> = {
  write(out, value) {
    u32.write(out, value.length);
    out.put(value);
  },
  read: (input) => input.take(u32.read(input)).slice(),
};

const secretBytes = fixedBytes(32);

/** 32 secret bytes: a key, a seed, a scalar. */
export const secret: Field<Secret> = {
  write: (out, value) => secretBytes.write(out, value.expose()),
  read: (input) => new Secret(input.take(32)),
};

export const text: Field<string> = {
  write: (out, value) => bytes.write(out, new TextEncoder().encode(value)),
  read(input) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.read(input));
    } catch (cause) {
      throw new OmemoError('corrupt-record', 'a stored record holds text that is not UTF-8', { cause });
    }
  },
};

export function oneOf<const Names extends readonly string[]>(...names: Names): Field<Names[number]> {
  return {
    write(out, value) {
      if (!names.includes(value)) throw corrupt('would hold an unknown choice');
      u8.write(out, names.indexOf(value));
    },
    read(input) {
      const name = names[u8.read(input)];
      if (name === undefined) throw corrupt('holds an unknown choice');
      return name;
    },
  };
}

export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    write(out, value) {
      flag.write(out, value !== undefined);
      if (value !== undefined) field.write(out, value);
    },
    read: (input) => (flag.read(input) ? field.read(input) : undefined),
  };
}

export function list<T>(field: Field<T>): Field<readonly T[]> {
  return {
    write(out, values) {
      u32.write(out, values.length);
      for (const value of values) field.write(out, value);
    },
    read(input) {
      const values: T[] = [];
      for (let left = u32.read(input); left > 0; left--) values.push(field.read(input));
      return values;
    },
  };
}

/** A field that is stored in another shape than it is used in. */
export function mapped<Stored, T>(
  field: Field<Stored>,
  to: (stored: Stored) => T,
  from: (value: T) => Stored,
): Field<T> {
  return { write: (out, value) => field.write(out, from(value)), read: (input) => to(field.read(input)) };
}

export function struct<T extends object>(fields: { readonly [Name in keyof T]-?: Field<T[Name]> }): Field<T> {
  const entries = Object.entries(fields) as [keyof T, Field<T[keyof T]>][];
  return {
    write(out, value) {
      for (const [name, field] of entries) field.write(out, value[name]);
    },
    read(input) {
      const value: Partial<T> = {};
      for (const [name, field] of entries) value[name] = field.read(input);
      return value as T;
    },
  };
}

export function recordCodec<T>(
  version: number,
  field: Field<T>,
  options: { readonly keep: boolean } = { keep: false },
): RecordCodec<T> {
  // Encoding is synchronous: one buffer does for all values of a kind. With that and without views it takes 45 % of the time.
  const out = new ByteWriter();
  return {
    version,
    keep: options.keep,
    encode(value) {
      try {
        field.write(out, value);
        return out.finish();
      } finally {
        // Of a value that is refused in the middle the beginning was written.
        out.clear();
      }
    },
    decode(stored) {
      if (stored.version > version) {
        throw new OmemoError('newer-schema', `a record of schema ${stored.version} was found, ${version} is known`);
      }
      if (stored.version !== version) throw corrupt(`has the unknown schema ${stored.version}`);
      const input = new ByteReader(stored.value);
      const value = field.read(input);
      if (!input.done) throw corrupt('has bytes left over');
      return value;
    },
  };
}
