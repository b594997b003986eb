import { sha256 } from '@noble/hashes/sha2.js';
import { exposed, Secret } from './secret.ts';
import { Compression } from './sha256-compression.ts';

/*
 * HMAC (RFC 2104) and HKDF (RFC 5869) framed by hand over the compression function of noble, whose own HMAC spends two thirds of
 * its time on objects. Everything is synchronous and calls nobody back, so one set of scratch buffers serves all calls.
 */

const BLOCK = 64;
export const DIGEST = 32;
const STATE_WORDS = 8;
/**
 * From how many bytes on data is compressed where it lies. Below, copying costs less than a view: 32 ns for a block instead of 73 and
 * an object to collect (Node 26). The whole HMAC of 172 bytes takes the same 2.1 us either way.
 */
const VIEW_FROM = 512;
const IPAD = 0x36363636;
const IPAD_TO_OPAD = 0x36363636 ^ 0x5c5c5c5c;

/** Where each saved hash state starts in `states`. */
const INITIAL = 0;
const INNER = 8;
const OUTER = 16;
const ZERO_INNER = 24;
const ZERO_OUTER = 32;

const compression = new Compression();
/** Where data waits for its compression, and where digests are found. */
export const block = new Uint8Array(BLOCK);
const blockView = new DataView(block.buffer);
const blockWords = new Int32Array(block.buffer);
/** What the outer hash gets after its key: the inner digest, and padding that is always the same. */
const outerBlock = new Uint8Array(BLOCK);
const outerView = new DataView(outerBlock.buffer);
outerBlock[DIGEST] = 0x80;
outerView.setUint32(BLOCK - 4, (BLOCK + DIGEST) * 8);
const states = new Int32Array(5 * STATE_WORDS);
compression.save(states, INITIAL);
loadKey(new Uint8Array(0));
states.copyWithin(ZERO_INNER, INNER, ZERO_INNER);

/** Bytes waiting in `block`, and all bytes hashed so far, the key's block included. */
let waiting = 0;
let hashed = 0;

/**
 * The key whose two states lie in INNER and OUTER: KDF_CK is two HMACs with one chain key (Double Ratchet 5.2). Only a `Secret` is
 * remembered, because it cannot change, and only until the next HMAC or HKDF with another key.
 */
let loadedKey: Secret | undefined;

/** Leaves the two states of a key in INNER and OUTER, unless they lie there. */
export function useKey(key: Uint8Array | Secret): void {
  if (key === loadedKey) return;
  loadKey(exposed(key));
  loadedKey = key instanceof Secret ? key : undefined;
}

/** Leaves the two states of PRK = HMAC(salt, IKM) in INNER and OUTER (RFC 5869 2.2). */
export function extract(salt: Uint8Array, inputKeyMaterial: Uint8Array): void {
  loadedKey = undefined;
  // A missing salt and 32 zero bytes pad to the same block, whose states are known (X3DH and the payload keys use it).
  const zero = isZeroBlock(salt);
  if (!zero) loadKey(salt);
  begin(zero ? ZERO_INNER : INNER);
  feed(inputKeyMaterial);
  finish(zero ? ZERO_OUTER : OUTER);
  block.fill(0, DIGEST);
  loadPaddedKey();
}

function isZeroBlock(salt: Uint8Array): boolean {
  if (salt.length > BLOCK) return false;
  let bits = 0;
  for (let i = 0; i < salt.length; i++) bits |= salt[i] as number;
  return bits === 0;
}

function loadKey(key: Uint8Array): void {
  block.fill(0);
  block.set(key.length > BLOCK ? sha256(key) : key);
  loadPaddedKey();
}

/** K, padded with zeros, lies in `block`: saves the states after K xor ipad and K xor opad. */
function loadPaddedKey(): void {
  for (let i = 0; i < BLOCK / 4; i++) blockWords[i] = (blockWords[i] as number) ^ IPAD;
  compression.load(states, INITIAL);
  compression.compress(blockView, 0);
  compression.save(states, INNER);
  for (let i = 0; i < BLOCK / 4; i++) blockWords[i] = (blockWords[i] as number) ^ IPAD_TO_OPAD;
  compression.load(states, INITIAL);
  compression.compress(blockView, 0);
  compression.save(states, OUTER);
}

/** An HMAC with the key that was used last begins. */
export function beginHmac(): void {
  begin(INNER);
}

/** Leaves the 32 bytes of that HMAC at the front of `block`. */
export function finishHmac(): void {
  finish(OUTER);
}

function begin(inner: number): void {
  compression.load(states, inner);
  waiting = 0;
  hashed = BLOCK;
}

/** The digest that `finish` left in the block becomes its first 32 bytes of input. */
export function keepDigest(): void {
  waiting = DIGEST;
  hashed += DIGEST;
}

export function feedByte(byte: number): void {
  block[waiting++] = byte;
  hashed++;
  if (waiting === BLOCK) absorbBlock();
}

export function feed(data: Uint8Array): void {
  const { length } = data;
  let at = 0;
  hashed += length;
  if (length >= VIEW_FROM) {
    at = Math.min((BLOCK - waiting) % BLOCK, length);
    copyToBlock(data, 0, at);
    const view = new DataView(data.buffer, data.byteOffset, length);
    for (; length - at >= BLOCK; at += BLOCK) compression.compress(view, at);
  }
  while (at < length) {
    const end = Math.min(at + BLOCK - waiting, length);
    copyToBlock(data, at, end);
    at = end;
  }
}

/** At most as many bytes as the block has room for; a full one is absorbed. A loop beats set(subarray()) at these sizes. */
function copyToBlock(data: Uint8Array, from: number, to: number): void {
  const shift = waiting - from;
  for (let at = from; at < to; at++) block[at + shift] = data[at] as number;
  waiting += to - from;
  if (waiting === BLOCK) absorbBlock();
}

function absorbBlock(): void {
  compression.compress(blockView, 0);
  waiting = 0;
}

/** Ends the inner hash, runs the outer one, and leaves the 32 bytes at the front of `block`. */
function finish(outer: number): void {
  padBlock();
  compression.compress(blockView, 0);
  compression.writeDigest(outerView);
  compression.load(states, outer);
  compression.compress(outerView, 0);
  compression.writeDigest(blockView);
}

/** The padding of FIPS 180-4 5.1.1, up to the last block. */
function padBlock(): void {
  block[waiting] = 0x80;
  block.fill(0, waiting + 1);
  if (waiting >= BLOCK - 8) {
    compression.compress(blockView, 0);
    block.fill(0);
  }
  // hashed * 8 in 64 bits; multiplying keeps lengths above 2^29 right, where shifting would not.
  blockView.setUint32(BLOCK - 8, Math.floor(hashed / 0x2000_0000));
  blockView.setUint32(BLOCK - 4, (hashed % 0x2000_0000) * 8);
}

export function wipe(): void {
  block.fill(0);
  outerBlock.fill(0, 0, DIGEST);
  compression.wipe();
}
