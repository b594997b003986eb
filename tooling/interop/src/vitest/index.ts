export { describePeer, type PeerName, useTwomemoPeer } from './describe-peer.ts';
