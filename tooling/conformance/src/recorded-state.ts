import type { RatchetState, SkippedMessageKey } from '@omemo-kit/double-ratchet';
import { sha256 } from '@omemo-kit/primitives';
import type { Comparison } from './comparison.ts';
import { FormatError } from './format-error.ts';
import { toHex } from './hex.ts';
import type { Recorded } from './recorded.ts';

/** A session as the recordings see it. */
export interface SessionState {
  readonly role: 'initiator' | 'recipient';
  readonly confirmed: boolean;
  readonly ephemeralKey: Uint8Array;
  readonly signedPreKeyId: number;
  readonly preKeyId: number;
  readonly initiatorIdentityKey: Uint8Array;
  readonly recipientIdentityKey: Uint8Array;
  readonly ratchet: RatchetState;
  /** Oldest first. */
  readonly skipped: readonly SkippedMessageKey[];
}

/** Every field of a recorded state against a session. A field that is not known here is a {@link FormatError}. */
export function compareState(compare: Comparison, state: SessionState, recorded: Recorded): void {
  for (const name of recorded.names()) {
    const field = FIELDS[name];
    if (field === undefined) throw new FormatError(`${recorded.place} has ${name}, which is not known`);
    const [made, expected] = field(state, recorded.get(name));
    compare.value(`state ${name}`, made, expected);
  }
  for (const name of REQUIRED) recorded.get(name);
}

type Compared = readonly [made: unknown, recorded: unknown];

const FIELDS: Record<string, (state: SessionState, recorded: Recorded) => Compared> = {
  initiation: ({ role }, recorded) => [
    role === 'initiator' ? 'active' : 'passive',
    recorded.oneOf('active', 'passive'),
  ],
  confirmed: ({ confirmed }, recorded) => [confirmed, recorded.flag()],
  ek: ({ ephemeralKey }, recorded) => bytes(ephemeralKey, recorded),
  ik_initiator: ({ initiatorIdentityKey }, recorded) => bytes(initiatorIdentityKey, recorded),
  spk_id: ({ signedPreKeyId }, recorded) => [signedPreKeyId, recorded.count()],
  pk_id: ({ preKeyId }, recorded) => [preKeyId, recorded.count()],
  associated_data: (state, recorded) => [
    toHex(state.initiatorIdentityKey) + toHex(state.recipientIdentityKey),
    recorded.text(),
  ],
  root_key: ({ ratchet }, recorded) => bytes(ratchet.rootKey.expose(), recorded),
  own_ratchet_priv: ({ ratchet }, recorded) => bytes(ratchet.ownRatchetKey.privateKey.expose(), recorded),
  own_ratchet_pub: ({ ratchet }, recorded) => bytes(ratchet.ownRatchetKey.publicKey, recorded),
  other_ratchet_pub: ({ ratchet }, recorded) => bytes(ratchet.otherRatchetKey, recorded),
  sending: ({ ratchet }, recorded) => chain(ratchet.sendingChain, recorded),
  receiving: ({ ratchet }, recorded) => chain(ratchet.receivingChain, recorded),
  pn: ({ ratchet }, recorded) => [ratchet.previousChainLength, recorded.count()],
  skipped: ({ skipped }, recorded) => [
    skipped.map(skippedText).join(', '),
    recorded.items().map(recordedSkippedText).join(', '),
  ],
  skipped_count: ({ skipped }, recorded) => [skipped.length, recorded.count()],
  // Long lists are recorded as the hash of their hexadecimal and decimal digits in a row.
  skipped_sha256: ({ skipped }, recorded) => [
    toHex(
      sha256(
        new TextEncoder().encode(
          skipped
            .map((key) => `${toHex(key.ratchetKey)}${key.messageNumber}${toHex(key.messageKey.expose())}`)
            .join(''),
        ),
      ),
    ),
    recorded.text(),
  ],
};

const REQUIRED = Object.keys(FIELDS).filter((name) => !name.startsWith('skipped'));

function bytes(made: Uint8Array | undefined, recorded: Recorded): Compared {
  return [made === undefined ? null : toHex(made), recorded.isNull ? null : toHex(recorded.bytes())];
}

function chain(made: RatchetState['sendingChain'], recorded: Recorded): Compared {
  return [
    made === undefined ? null : `${toHex(made.key.expose())} at ${made.messageNumber}`,
    recorded.isNull ? null : `${toHex(recorded.get('key').bytes())} at ${recorded.get('n').count()}`,
  ];
}

function skippedText({ ratchetKey, messageNumber, messageKey }: SkippedMessageKey): string {
  return `${toHex(ratchetKey)} ${messageNumber} ${toHex(messageKey.expose())}`;
}

function recordedSkippedText(recorded: Recorded): string {
  return `${recorded.get('dh_pub').text()} ${recorded.get('n').count()} ${recorded.get('message_key').text()}`;
}
