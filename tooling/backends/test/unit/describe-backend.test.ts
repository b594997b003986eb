import { describe, expect, it } from 'vitest';
import { planBlock } from '../../src/vitest/describe-backend.ts';

const missing = { available: false, name: 'postgres', reason: 'no initdb', install: 'apt-get install x' } as const;
const here = { title: 'commits', availability: { available: true } } as const;

describe('planBlock', () => {
  it('runs the block where the backend is', () => {
    expect(planBlock({ ...here, require: 'optional' })).toEqual({ run: 'block', title: 'commits' });
    expect(planBlock({ ...here, require: 'required' })).toEqual({ run: 'block', title: 'commits' });
  });

  it('skips it elsewhere and names backend, reason and remedy', () => {
    expect(planBlock({ title: 'commits', availability: missing, require: 'optional' })).toEqual({
      run: 'nothing',
      title: 'commits [postgres is missing: no initdb; to install it: apt-get install x]',
    });
  });

  it('fails it where the backend is required', () => {
    expect(planBlock({ title: 'commits', availability: missing, require: 'required' })).toEqual({
      run: 'failure',
      title: 'commits',
      backend: 'postgres',
      failure: 'postgres is missing: no initdb; to install it: apt-get install x',
    });
  });
});
