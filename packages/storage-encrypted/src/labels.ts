const encoder = new TextEncoder();

/** Version of everything that this package lays out: header, sealed records and hidden keys. */
export const FORMAT = 1;

/** Keeps the uses of keys apart from each other and from those of another format. */
export function label(use: string): Uint8Array {
  return encoder.encode(`omemo-kit encrypted store ${FORMAT}: ${use}`);
}
