import { isOmemoError } from '@omemo-kit/omemo-core';
import { CliError } from '../cli-error.ts';

/** Why a message could not be sent, and what to do about it. */
export function notSent(error: unknown): unknown {
  if (isOmemoError(error, 'undecided-devices')) {
    const lines = error.details.devices.map(
      ({ jid, deviceId, fingerprint, changed }) =>
        `  ${jid} device ${deviceId}${changed ? ', whose identity key changed' : ''}\n    ${fingerprint.join(' ')}`,
    );
    return new CliError('not-sent', `${error.message}:\n${lines.join('\n')}`, {
      cause: error,
      facts: {
        reason: error.code,
        devices: error.details.devices.map(({ jid, deviceId, fingerprint, changed }) => ({
          jid,
          deviceId,
          fingerprint,
          changed,
        })),
      },
      hint: 'omemo-kit trust JID DEVICE, once you compared the fingerprint; --distrusted leaves a device out',
    });
  }
  if (isOmemoError(error, 'no-devices')) {
    const jids = error.details.jids.join(', ');
    return new CliError('not-sent', `${error.message}: ${jids}`, {
      cause: error,
      facts: { reason: error.code, jids: error.details.jids },
      hint: `omemo-kit devices ${jids} shows them`,
    });
  }
  if (isOmemoError(error, 'opted-out')) {
    return new CliError('not-sent', error.message, {
      cause: error,
      facts: { reason: error.code },
      hint: 'omemo-kit send JID --resume goes on with OMEMO, --accept leaves it',
    });
  }
  return error;
}
