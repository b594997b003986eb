import type { StanzaError } from '@omemo-kit/omemo-wire';
import type { DeviceAddress } from '../messages/addresses.ts';

/** The error that a device answered a request with, inside the encryption: no server made it up. */
export interface RequestRefusal extends StanzaError, DeviceAddress {}

/** Why an answer is of no use. */
export interface UnreadableAnswer {
  /** That it was not encrypted at all, or what came of reading it: the `type` of a result of `receive`. */
  readonly why: 'not-encrypted' | 'failed' | 'rejected' | 'empty' | 'duplicate' | 'not-for-this-device' | 'message';
  /** The `FailureCode` of what `failed`, the `RejectionReason` of what was `rejected`. */
  readonly reason: string | undefined;
}
