import type { Target } from '../target.ts';
import { answerTargets } from './answers.ts';
import { elementTargets } from './elements.ts';
import { protobufTargets } from './protobuf.ts';
import { receiveTargets } from './receive.ts';
import { roomAnswerTargets } from './room-answers.ts';
import { sealedTargets } from './sealed.ts';
import { storedTargets } from './stored.ts';
import { valueTargets } from './values.ts';

/** Everything that reads what somebody else wrote. */
export const targets: readonly Target[] = [
  ...protobufTargets,
  ...valueTargets,
  ...elementTargets,
  ...receiveTargets,
  ...sealedTargets,
  ...answerTargets,
  ...roomAnswerTargets,
  ...storedTargets,
];
