/** The parameters of RFC 3492 section 5. */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 0x80;

/** A DNS label has at most 63 bytes, so there is never much to decode. */
const LONGEST_LABEL = 63;
const LARGEST_CODE_POINT = 0x10ffff;

/** Decodes Punycode (RFC 3492 6.2) of lower-case ASCII; undefined when it is malformed. */
export function decodePunycode(text: string): string | undefined {
  if (text.length > LONGEST_LABEL || !/^[-a-z0-9_]*$/.test(text)) return undefined;
  const delimiter = text.lastIndexOf('-');
  const output: number[] = [];
  for (let index = 0; index < delimiter; index++) output.push(text.charCodeAt(index));
  let n = INITIAL_N;
  let i = 0;
  let bias = INITIAL_BIAS;
  let position = delimiter + 1;
  // A delimiter stands only behind basic characters, and something follows it.
  if (delimiter === 0 || position === text.length) return undefined;
  while (position < text.length) {
    const previous = i;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = digitValue(text.charCodeAt(position));
      if (digit === undefined) return undefined;
      position += 1;
      i += digit * weight;
      const threshold = k <= bias ? T_MIN : Math.min(k - bias, T_MAX);
      if (digit < threshold) break;
      // A label is too short for this to overflow; what is too large for exact integers is above every code point.
      weight *= BASE - threshold;
    }
    const length = output.length + 1;
    bias = adapt(i - previous, length, previous === 0);
    n += Math.floor(i / length);
    if (n > LARGEST_CODE_POINT) return undefined;
    i %= length;
    output.splice(i, 0, n);
    i += 1;
  }
  return String.fromCodePoint(...output);
}

function digitValue(code: number): number | undefined {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26;
  return undefined;
}

function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / DAMP) : Math.floor(delta / 2);
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
