import type { Mutant } from '../mutant.ts';

/** XEP-0384 5.8. */
export const rooms: readonly Mutant[] = [
  {
    row: 'R78',
    breaks: 'a message to a room need not say so inside',
    file: 'packages/omemo-core/src/messages/judge-envelope.ts',
    find: "if (to === undefined && around.room !== undefined) return 'to-missing';",
    replace: '',
  },
  {
    row: 'R101',
    breaks: 'anonymous rooms are written to',
    file: 'packages/omemo-core/src/rooms/configuration.ts',
    find: "anonymity: has('muc_nonanonymous') ? 'non-anonymous' : 'anonymous',",
    replace: "anonymity: 'non-anonymous',",
  },
  {
    row: 'R102',
    breaks: 'open rooms are written to',
    file: 'packages/omemo-core/src/rooms/addressees.ts',
    find: "if (record.access === 'open' && rules.open !== 'allow') {",
    replace: 'if (rules.open !== undefined && false) {',
  },
  {
    row: 'R104',
    breaks: 'only the member list is asked for',
    file: 'packages/omemo-core/src/rooms/member-affiliation.ts',
    find: "['member', 'admin', 'owner'] as const",
    replace: "['member'] as unknown as readonly ['member', 'admin', 'owner']",
  },
  {
    row: 'S56',
    breaks: 'nobody looks whether the membership is the one approved',
    file: 'packages/omemo-core/src/rooms/addressees.ts',
    find: 'if (approved !== undefined && membershipOf(members).version !== approved.version) {',
    replace: 'if (approved !== undefined && approved.version === undefined) {',
  },
  {
    row: 'S58',
    breaks: 'any message with this device’s id is taken for its own',
    file: 'packages/omemo-core/src/messages/receive-message.ts',
    find: 'if (room !== undefined && from === context.jid && sid === deviceId) {',
    replace: 'if (room !== undefined && sid === deviceId) {',
  },
];
