import { initiatorState, ratchetDecrypt, ratchetEncrypt, recipientState } from '@omemo-kit/double-ratchet';
import { omemo2 } from '@omemo-kit/omemo-core';
import {
  decodeAuthenticatedMessage,
  decodeKeyExchange,
  decodeOmemoMessage,
  encodeKeyExchange,
} from '@omemo-kit/omemo-wire';
import { ed25519ToX25519, importEd25519PublicKey, x25519, x25519KeyPair } from '@omemo-kit/primitives';
import { type Acceptance, accept, type Initiation, importKeyExchangeHeader } from '@omemo-kit/x3dh';
import type { Comparison } from '../comparison.ts';
import { FormatError } from '../format-error.ts';
import { caseKind } from '../kind.ts';
import type { Recorded } from '../recorded.ts';
import { compareAgreement } from '../recorded-agreement.ts';
import { checkDevice, identityOf, preKeysOf, signedPreKeyOf } from '../recorded-device.ts';
import { compareState } from '../recorded-state.ts';

const PARAMETERS = omemo2.ratchetParameters({ maxSkip: 1000, maxStoredSkipped: 1000 });

/** Key agreements from both sides, with the first message that travels on them. */
export const x3dh = caseKind({
  name: 'x3dh',
  cases: ['shared_secret', 'ek_priv', 'dh'],
  check(entry, { compare }) {
    checkDevice(compare, entry.get('alice'));
    checkDevice(compare, entry.get('bob'));
    compare.bytes('info', omemo2.keyExchangeInfo, new TextEncoder().encode(entry.get('info').text()));
    compareSecrets(compare, entry);
    const agreed = compareAgreement(compare, entry, {
      identityKeyPair: identityOf(entry.get('alice')),
      bundleXml: entry.get('bob').get('bundle_xml').text(),
    });
    const accepted = acceptRecorded(entry);
    compare.bytes('shared_secret of the recipient', accepted.sharedSecret.expose(), agreed.sharedSecret.expose());
    compare.bytes('associated_data of the recipient', accepted.associatedData, agreed.associatedData);
    // What the first message carries is not recorded: the recipient reads it, the initiator must seal the same bytes.
    compareFirstMessage(compare, entry, { agreed, plaintext: readFirst(entry, accepted) });
  },
});

/** DH1 to DH4 of X3DH 3.3, from the initiator's private keys. */
function compareSecrets(compare: Comparison, entry: Recorded): void {
  const identity = identityOf(entry.get('alice')).x25519.privateKey;
  const ephemeral = x25519KeyPair(entry.get('ek_priv').bytes()).privateKey;
  const otherIdentity = ed25519ToX25519(importEd25519PublicKey(entry.get('ik_other').bytes()));
  const [spk, pk] = [entry.get('spk').bytes(), entry.get('pk').bytes()];
  const made = [x25519(identity, spk), x25519(ephemeral, otherIdentity), x25519(ephemeral, spk), x25519(ephemeral, pk)];
  const recorded = entry.get('dh').items();
  compare.value('number of dh', made.length, recorded.length);
  for (const [index, dh] of recorded.entries()) compare.bytes(`dh ${index + 1}`, made[index]?.expose(), dh.bytes());
}

function acceptRecorded(entry: Recorded): Acceptance {
  const { ik, ek, spkId, pkId } = decodeKeyExchange(entry.get('wire').bytes());
  const bob = entry.get('bob');
  const preKey = preKeysOf(bob).find(({ id }) => id === pkId);
  if (preKey === undefined) throw new FormatError(`${bob.place} has no pre key ${pkId}`);
  return accept({
    identityKeyPair: identityOf(bob),
    signedPreKey: signedPreKeyOf(bob),
    preKey,
    header: importKeyExchangeHeader({ identityKey: ik, ephemeralKey: ek, signedPreKeyId: spkId, preKeyId: pkId }),
    info: omemo2.keyExchangeInfo,
  });
}

function readFirst(entry: Recorded, { sharedSecret, associatedData }: Acceptance): Uint8Array {
  const { message } = decodeKeyExchange(entry.get('wire').bytes());
  const { n, pn, dhPub } = decodeOmemoMessage(decodeAuthenticatedMessage(message).message);
  return ratchetDecrypt({
    state: recipientState({ sharedSecret, ownRatchetKey: signedPreKeyOf(entry.get('bob')).keyPair }),
    header: { ratchetKey: dhPub, previousChainLength: pn, messageNumber: n },
    message,
    associatedData,
    aead: omemo2.messageAead,
    parameters: PARAMETERS,
  }).plaintext;
}

function compareFirstMessage(
  compare: Comparison,
  entry: Recorded,
  { agreed, plaintext }: { readonly agreed: Initiation; readonly plaintext: Uint8Array },
): void {
  const { state, message } = ratchetEncrypt({
    state: initiatorState({
      sharedSecret: agreed.sharedSecret,
      otherRatchetKey: agreed.signedPreKey,
      parameters: PARAMETERS,
      randomness: { ratchetKey: () => entry.get('first_ratchet_priv').bytes() },
    }),
    plaintext,
    associatedData: agreed.associatedData,
    aead: omemo2.messageAead,
    parameters: PARAMETERS,
  });
  const { identityKey: ik, ephemeralKey: ek, preKeyId: pkId, signedPreKeyId: spkId } = agreed.header;
  compare.member(entry, 'wire', encodeKeyExchange({ pkId, spkId, ik, ek, message }));
  compareState(
    compare,
    {
      role: 'initiator',
      confirmed: false,
      ephemeralKey: ek,
      signedPreKeyId: spkId,
      preKeyId: pkId,
      initiatorIdentityKey: ik,
      recipientIdentityKey: identityOf(entry.get('bob')).publicKey,
      ratchet: state,
      skipped: [],
    },
    entry.get('state_after'),
  );
}
