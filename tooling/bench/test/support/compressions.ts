import { _SHA256 } from '@noble/hashes/sha2.js';

/** How often the step runs the compression function of noble, whose method is protected. */
export function countCompressions(step: () => void): number {
  const prototype = _SHA256.prototype as unknown as { process(view: DataView, offset: number): void };
  const { process: compress } = prototype;
  let count = 0;
  prototype.process = function counting(view, offset) {
    count++;
    compress.call(this, view, offset);
  };
  try {
    step();
  } finally {
    prototype.process = compress;
  }
  return count;
}
