import { type Envelope, NS_OMEMO, type OptOut, parseOptOut, WireError } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import type { Sender } from '../messages/results.ts';
import { millisecondsOf } from '../records/milliseconds.ts';
import { type OptOutRecord, type OptOutRequestRecord, optOutRecord } from '../records/opt-out.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { optOutState } from './shown-opt-out.ts';

/** The `<opt-out/>` in an envelope, if there is one; outside of envelopes nobody looks for it (S61). */
export function optOutIn(envelope: Envelope | undefined): OptOut | undefined {
  const element = envelope?.content.find((one) => one.is('opt-out', NS_OMEMO));
  if (element === undefined) return undefined;
  try {
    return parseOptOut(element);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    // A reason that is none does not undo the wish: blocking is the safe side.
    return {};
  }
}

/**
 * An opt-out counts only from a device that is trusted (XEP-0384 5.7, X44, S61). Also from one that is not on the device list: who goes
 * on in plain text may have given OMEMO up by the time this is read, and R98 says MUST. It blocks until the user decides, who is shown
 * which device asked.
 */
export function mayOptOut({ trust }: Pick<Sender, 'trust'>): boolean {
  return trust === 'trusted' || trust === 'verified';
}

export interface Written {
  /** Bare JID of the contact or room that it was written to or from. */
  readonly conversation: string;
  readonly sender: Sender;
  readonly envelope: Envelope;
  /** `late`: later messages of its session were read before it. */
  readonly order: 'current' | 'late';
  /** Whether the sender has a say in the conversation; see `roomStanding`. */
  readonly standing: 'member' | 'unclear';
}

/**
 * What accepted content of a trusted device says about plain text: an opt-out is remembered and blocks sending; anything
 * else that its account writes later says that it is back, since there is no other sign of that (XEP-0384 5.7: "MAY revert
 * their decision and go back to sending OMEMO encrypted messages", R100). Sessions stay as they are (R99).
 */
export async function noteOptOut(context: AccountContext, unit: UnitOfWork, written: Written): Promise<void> {
  const { conversation, sender, envelope } = written;
  // A note to oneself is no conversation with anybody.
  if (conversation === context.jid || !mayOptOut(sender)) return;
  const key = context.keys.optOut(conversation);
  const record = await unit.get(optOutRecord, key);
  const optOut = optOutIn(envelope);
  const before = record?.requests.find(({ from }) => from === sender.jid);
  if (optOut === undefined) {
    if (record === undefined || before === undefined || !isLater(written, before)) return;
    const requests = record.requests.filter((one) => one !== before);
    const after = requests.length === 0 ? undefined : { ...record, requests };
    if (after === undefined) unit.remove(key);
    else unit.put(optOutRecord, key, after);
    tell(unit, { conversation, change: 'ended', request: { ...before, deviceId: sender.deviceId }, after });
    return;
  }
  // Nobody whose word may not count makes us forget one whose word does.
  const full = (record?.requests.length ?? 0) >= context.limits.maxOptOuts;
  if (before === undefined && full && written.standing === 'unclear') return;
  // An old one that comes late does not take the place of a newer one.
  if (before !== undefined && !isLater(written, before)) return;
  const request = {
    from: sender.jid,
    deviceId: sender.deviceId,
    reason: optOut.reason,
    receivedAt: context.now(),
    sentAt: millisecondsOf(envelope.time),
  };
  const after = withRequest(context, record ?? noOptOut(conversation), request);
  unit.put(optOutRecord, key, after);
  tell(unit, { conversation, change: 'asked', request: after.requests.at(-1)!, after });
}

/** The record with an account's newest request in it; whether the user agreed before stays as it is. */
export function withRequest(
  { limits }: Pick<AccountContext, 'limits'>,
  record: OptOutRecord,
  request: OptOutRequestRecord,
): OptOutRecord {
  const others = record.requests.filter(({ from }) => from !== request.from);
  const reason = request.reason === undefined ? undefined : shortened(request.reason, limits.optOutReason);
  return { ...record, requests: [...others, { ...request, reason }].slice(-limits.maxOptOuts) };
}

export function noOptOut(jid: string): OptOutRecord {
  return { jid, requests: [], confirmed: false };
}

/**
 * Whether this was written after the opt-out. For the same device its session says so; a clock is asked too, because
 * sessions are replaced. Of another device of the account only the clock can tell, and without one nothing does.
 */
function isLater({ sender, envelope, order }: Written, request: OptOutRequestRecord): boolean {
  const sameDevice = sender.deviceId === request.deviceId;
  if (sameDevice && order === 'late') return false;
  const time = millisecondsOf(envelope.time);
  if (time === undefined || request.sentAt === undefined) return sameDevice;
  return sameDevice ? time >= request.sentAt : time > request.sentAt;
}

function shortened(text: string, codePoints: number): string {
  return text.length <= codePoints ? text : [...text.slice(0, 2 * codePoints)].slice(0, codePoints).join('');
}

function tell(
  unit: UnitOfWork,
  what: {
    readonly conversation: string;
    readonly change: 'asked' | 'ended';
    readonly request: OptOutRequestRecord;
    readonly after: OptOutRecord | undefined;
  },
): void {
  const { conversation: jid, change, request, after } = what;
  const { from, deviceId, reason, receivedAt } = request;
  const by = { jid: from, deviceId, reason, receivedAt };
  unit.tell('opt-out', { jid, change, by, state: after && optOutState(after) });
}
