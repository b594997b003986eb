import { parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { Capabilities, verificationString } from '../../src/index.ts';

const info = 'http://jabber.org/protocol/disco#info';
const ask = (node?: string) =>
  parse(
    `<iq type="get" id="1" from="example.org"><query xmlns="${info}"${node === undefined ? '' : ` node="${node}"`}/></iq>`,
  );

describe('entity capabilities', () => {
  test('the verification string is that of the example in XEP-0115 5.2', () => {
    const features = ['http://jabber.org/protocol/disco#info', 'http://jabber.org/protocol/disco#items'];
    const more = ['http://jabber.org/protocol/muc', 'http://jabber.org/protocol/caps'];
    const identity = { category: 'client', type: 'pc', name: 'Exodus 0.9.1' };
    expect(verificationString([identity], [...features, ...more])).toBe('QgayPKawpkPSDYmwT/WM94uAlu0=');
  });

  test('identities of several languages are sorted by their bytes', () => {
    const identities = [
      { category: 'client', type: 'pc', language: 'en', name: '\u{1F600}' },
      { category: 'client', type: 'pc', language: 'en', name: '\uFF21' },
    ];
    expect(verificationString(identities, [])).toBe(verificationString([...identities].reverse(), []));
  });

  test('asks for device lists to be pushed, beside what the application announces (R47)', () => {
    const capabilities = new Capabilities({ features: ['urn:xmpp:receipts'], node: 'https://example.org/app' });
    const answer = capabilities.answer(ask());
    const features = answer
      ?.getChild('query')
      ?.getChildren('feature')
      .map((feature) => feature.attrs['var']);
    expect(features).toContain('urn:xmpp:omemo:2:devices+notify');
    expect(features).toContain('urn:xmpp:receipts');
    expect(answer?.attrs).toMatchObject({ type: 'result', id: '1', to: 'example.org' });
    const element = capabilities.element();
    expect(element.attrs).toMatchObject({ node: 'https://example.org/app', hash: 'sha-1' });
    expect(element.attrs['ver']).toBe(verificationString(capabilities.identities, features as string[]));
  });

  test('answers for the node in its presence, and for no other', () => {
    const capabilities = new Capabilities();
    const { node, ver } = capabilities.element().attrs;
    expect(capabilities.answer(ask(`${node}#${ver}`))?.getChild('query')?.attrs['node']).toBe(`${node}#${ver}`);
    expect(capabilities.answer(ask(`${node}#other`))?.attrs['type']).toBe('error');
    expect(capabilities.answer(parse('<iq type="get"><ping xmlns="urn:xmpp:ping"/></iq>'))).toBeUndefined();
    expect(capabilities.answer(parse(`<iq type="set"><query xmlns="${info}"/></iq>`))).toBeUndefined();
  });
});
