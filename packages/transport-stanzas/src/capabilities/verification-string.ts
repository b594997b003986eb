import { encodeBase64 } from '@omemo-kit/omemo-wire';
import { sha1 } from '@omemo-kit/primitives/legacy';

/** What an entity is (XEP-0030 3.1). Categories and types: https://xmpp.org/registrar/disco-categories.html */
export interface DiscoIdentity {
  readonly category: string;
  readonly type: string;
  readonly name?: string;
  /** As `xml:lang` has it. */
  readonly language?: string;
}

/** The verification string of identities and features, in base64 (XEP-0115 5.1, without data forms). */
export function verificationString(identities: readonly DiscoIdentity[], features: readonly string[]): string {
  const lines = [
    ...sorted(
      identities.map(({ category, type, language, name }) => `${category}/${type}/${language ?? ''}/${name ?? ''}`),
    ),
    ...sorted(features),
  ];
  const text = lines.map((line) => `${line}<`).join('');
  return encodeBase64(sha1(new TextEncoder().encode(text)));
}

/** In the order of their UTF-8 bytes (`i;octet`), which for two strings is that of their code points. */
function sorted(texts: readonly string[]): readonly string[] {
  return [...texts].sort((a, b) => {
    const [left, right] = [[...a], [...b]];
    const at = left.findIndex((character, index) => character !== right[index]);
    if (at < 0) return left.length - right.length;
    return (left[at]!.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
  });
}
