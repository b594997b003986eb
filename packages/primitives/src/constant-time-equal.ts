import { assertBytes } from './byte-checks.ts';

/**
 * Are the bytes equal? Takes the same steps wherever the first difference is (S36); only the lengths, which are public, end it
 * early. JavaScript gives no hard promise of constant time: an engine may compile this as it likes.
 */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  assertBytes(a, 'a');
  assertBytes(b, 'b');
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}
