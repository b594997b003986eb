const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes as PostgreSQL reads them from text. Inside an array older drivers cannot do it themselves. */
export function bytea(bytes: Uint8Array): string {
  let text = '\\x';
  for (const byte of bytes) text += digits[byte];
  return text;
}

export function byteaOrNull(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : bytea(bytes);
}
