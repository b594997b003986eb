export { fingerprint } from '../trust/fingerprint.ts';
export { colouredFingerprint, type FingerprintGroup, type FingerprintStyle } from './coloured-fingerprint.ts';
export { consistentColour } from './consistent-colour.ts';
export type { Rgb } from './hsluv.ts';
export type { UriFault } from './uri-fault.ts';
export {
  type ComparedDevice,
  readVerificationUri,
  type VerificationUri,
  writeVerificationUri,
} from './verification-uri.ts';
