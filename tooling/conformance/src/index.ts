export { replayDirectory, replayVectors } from './replay-directory.ts';
export { type Failure, type Place, Report } from './report.ts';
