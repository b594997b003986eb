import { describe, expect, it } from 'vitest';
import { planBlock, requirementOf } from '../../src/vitest/describe-peer.ts';

const missing = { available: false, reason: 'no python', install: 'apt-get install x' } as const;

describe('planBlock', () => {
  it('runs the block where the peer is', () => {
    const here = { peer: 'twomemo', title: 'a chat', availability: { available: true } } as const;
    expect(planBlock({ ...here, require: 'optional' })).toEqual({ run: 'block', title: 'a chat' });
    expect(planBlock({ ...here, require: 'required' })).toEqual({ run: 'block', title: 'a chat' });
  });

  it('skips it elsewhere and names peer, reason and remedy', () => {
    expect(planBlock({ peer: 'twomemo', title: 'a chat', availability: missing, require: 'optional' })).toEqual({
      run: 'nothing',
      title: 'a chat [twomemo is missing: no python; to install it: apt-get install x]',
    });
  });

  it('fails it where the peer is required', () => {
    expect(planBlock({ peer: 'twomemo', title: 'a chat', availability: missing, require: 'required' })).toEqual({
      run: 'failure',
      title: 'a chat',
      failure: 'twomemo is missing: no python; to install it: apt-get install x',
    });
  });
});

describe('requirementOf', () => {
  it('is what OMEMO_REQUIRE_PEERS says, but never of QXmpp, which needs a tree of another Debian', () => {
    const required = { OMEMO_REQUIRE_PEERS: '1' };
    expect([requirementOf('slixmpp', required), requirementOf('prosody', required)]).toEqual(['required', 'required']);
    expect([requirementOf('qxmpp', required), requirementOf('slixmpp', {})]).toEqual(['optional', 'optional']);
  });
});
