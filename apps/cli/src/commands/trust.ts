import type { Omemo, PolicyName, TrustLevel } from '@omemo-kit/omemo-core';
import { policyNames } from '../accounts/account-files.ts';
import { CliError } from '../cli-error.ts';
import type { Tell } from '../facts/teller.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { COMMON_USAGE, onDevice, openSession, parseAccountArgs } from './account-command.ts';
import type { Command } from './command.ts';
import { deviceFact } from './device-fact.ts';
import { deviceIdIn } from './devices.ts';

const usage = `Usage: omemo-kit trust JID [DEVICE ...] [--verified | --trusted | --distrusted | --undecided]
       omemo-kit trust JID --all [--verified | ...]
       omemo-kit trust JID --policy NAME
       omemo-kit trust xmpp:JID?omemo2-sid-...
       omemo-kit trust --uri

Decides what the identity keys of devices are worth. Compare fingerprints, or let a URI that you got from the person
(a QR code holds one) be compared. Without a device it shows what there is to compare. --uri prints your own.

Options:
  --verified       you compared it (the default)
  --trusted        you use it without having compared it
  --distrusted     nothing is encrypted for it
  --undecided      nothing is sent until somebody decides
  --all            all devices of the JID that are listed
  --policy NAME    for this JID: manual, trust-on-first-use, blind-trust-before-verification, or default
  --uri            prints the URI by which others verify your devices
${COMMON_USAGE}`;

export const trustCommand: Command = { name: 'trust', summary: 'decide on devices', usage, run };

const LEVELS: readonly TrustLevel[] = ['verified', 'trusted', 'distrusted', 'undecided'];

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseAccountArgs(args, {
    verified: { type: 'boolean' },
    trusted: { type: 'boolean' },
    distrusted: { type: 'boolean' },
    undecided: { type: 'boolean' },
    all: { type: 'boolean', default: false },
    policy: { type: 'string' },
    uri: { type: 'boolean', default: false },
  });
  const chosen = LEVELS.filter((level) => values[level as keyof typeof values] === true);
  if (chosen.length > 1) throw new CliError('usage', `either ${chosen.join(' or ')}`);
  const [jid, ...devices] = positionals;
  const policy = values.policy === undefined ? undefined : policyIn(values.policy);
  if (jid === undefined && !values.uri) throw new CliError('usage', 'whom do you trust?');
  const wanted = devices.map(deviceIdIn);
  if (values.all && wanted.length > 0) throw new CliError('usage', 'either devices or --all');
  const session = await openSession(values, terminal);
  await onDevice(session, async ({ omemo }) => {
    if (jid === undefined) {
      session.tell({ type: 'verification-uri', jid: omemo.jid, uri: await omemo.verificationUri() });
    } else if (jid.startsWith('xmpp:')) {
      await verifyUri(omemo, jid, session.tell);
    } else if (policy !== undefined) {
      await omemo.setTrustPolicy({ jid, policy });
      session.tell({ type: 'policy', jid, policy });
    } else {
      await decide(omemo, { jid, wanted, all: values.all, level: chosen[0] ?? 'verified' }, session.tell);
    }
  });
}

interface Decision {
  readonly jid: string;
  readonly wanted: readonly number[];
  readonly all: boolean;
  readonly level: TrustLevel;
}

async function decide(omemo: Omemo, what: Decision, tell: Tell): Promise<void> {
  const { jid, wanted, all, level } = what;
  const known = await omemo.devices(jid, { refresh: 'always' });
  const missing = wanted.find((id) => !known.some(({ deviceId }) => deviceId === id));
  if (missing !== undefined) throw new CliError('not-done', `${jid} has no device ${missing}`);
  const meant = known.filter(({ deviceId, listed, current }) =>
    wanted.length > 0 ? wanted.includes(deviceId) : listed && !current,
  );
  if (meant.length === 0) throw new CliError('not-done', `${jid} has no device to decide on`);
  if (wanted.length === 0 && !all) {
    for (const device of meant) tell(deviceFact(device));
    throw new CliError('usage', 'which of these devices?', {
      hint: `compare, then name those that are right: omemo-kit trust ${jid} ${meant.map(({ deviceId }) => deviceId).join(' ')}`,
    });
  }
  for (const { deviceId, identityKey } of meant) {
    if (identityKey !== undefined) await omemo.setTrust({ jid, identityKey, level });
    else if (wanted.length > 0) throw new CliError('not-done', `device ${deviceId} has published no key to decide on`);
  }
  for (const device of await omemo.devices(jid))
    if (meant.some(({ deviceId }) => deviceId === device.deviceId)) tell(deviceFact(device));
}

async function verifyUri(omemo: Omemo, uri: string, tell: Tell): Promise<void> {
  const result = await omemo.verify(uri);
  for (const device of await omemo.devices(result.jid)) tell(deviceFact(device));
  const wrong = result.devices.filter(({ outcome }) => outcome === 'mismatch');
  if (wrong.length === 0) return;
  const ids = wrong.map(({ deviceId }) => deviceId).join(', ');
  throw new CliError('not-done', `the URI shows other identity keys for the devices ${ids} of ${result.jid}`, {
    hint: 'somebody may be between you: compare again, and do not trust these devices',
  });
}

function policyIn(text: string): PolicyName | 'default' {
  const policy = ([...policyNames, 'default'] as const).find((name) => name === text);
  if (policy !== undefined) return policy;
  throw new CliError('usage', `there is no policy "${text}"`, {
    hint: `the policies are ${policyNames.join(', ')}, default`,
  });
}
