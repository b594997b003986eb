import { parseXml } from '@omemo-kit/omemo-wire';
import fc from 'fast-check';
import { Element } from 'ltx';

/** What a careless or hostile application could have put where an element, text or attribute belongs; new each time. */
const misplaced: fc.Arbitrary<unknown> = fc
  .constantFrom<() => unknown>(
    () => null,
    () => undefined,
    () => 0,
    () => Number.NaN,
    () => true,
    () => 12n,
    () => Symbol('x'),
    () => () => 'x',
    () => [],
    () => ['a'],
    () => ({}),
    () => ({ name: 'x' }),
    () => ({ name: 'key', attrs: null, children: [] }),
    () => ({ name: 'key', attrs: {}, children: 'AAAA' }),
    () => ({ name: 'key', attrs: { rid: '22' }, children: ['AAAA'] }),
    () => ({ name: 'header', attrs: { xmlns: 'urn:xmpp:omemo:2' }, children: [], parent: 'nobody' }),
    () => Object.create(null),
    () => new Uint8Array(3),
  )
  .map((make) => make());

const value = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      '0',
      '22',
      '-1',
      '4294967296',
      'AAAA',
      '@',
      'true',
      'a@b',
      'a@b/c',
      'alice@example.org',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'urn:xmpp:omemo:2',
      'urn:xmpp:sce:1',
      'jabber:client',
      'urn:xmpp:mam:2',
      'x'.repeat(3_000),
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 20, unit: 'binary' }) },
  { weight: 1, arbitrary: misplaced },
);

const name = fc.constantFrom(
  ...[
    'key',
    'keys',
    'header',
    'payload',
    'device',
    'devices',
    'bundle',
    'spk',
    'pk',
    'prekeys',
    'reason',
    'x:key',
    '',
    ':',
    'a:b:c',
  ],
  ...[
    '__proto__',
    'received',
    'sent',
    'result',
    'forwarded',
    'message',
    'event',
    'items',
    'item',
    'retract',
    'purge',
    'delay',
  ],
);
const attribute = fc.constantFrom(
  'id',
  'rid',
  'sid',
  'jid',
  'kex',
  'xmlns',
  'xmlns:x',
  'label',
  'labelsig',
  'from',
  'to',
  'type',
  'node',
  'stamp',
  '__proto__',
);

type TreeMutation = (nodes: Element[]) => void;

function pick<Value>(from: readonly Value[], at: number): Value | undefined {
  return from[at % Math.max(from.length, 1)];
}

const mutation: fc.Arbitrary<TreeMutation> = fc.oneof(
  // Remove, repeat or move a child.
  fc
    .tuple(fc.nat(), fc.nat(), fc.nat(), fc.constantFrom('remove', 'repeat', 'move'))
    .map(([at, which, to, change]) => (nodes: Element[]) => {
      const parent = pick(
        nodes.filter(({ children }) => children.length > 0),
        at,
      );
      if (parent === undefined) return;
      const index = which % parent.children.length;
      const child = parent.children[index]!;
      if (change !== 'repeat') parent.children.splice(index, 1);
      if (change === 'repeat') parent.children.push(copyOf(child));
      if (change === 'move') pick(nodes, to)?.children.push(copyOf(child));
    }),
  fc.tuple(fc.nat(), attribute, value).map(([at, key, text]) => (nodes: Element[]) => {
    const element = pick(nodes, at);
    if (element !== undefined) element.attrs[key] = text;
  }),
  fc.tuple(fc.nat(), fc.nat()).map(([at, which]) => (nodes: Element[]) => {
    const element = pick(
      nodes.filter(({ attrs }) => Object.keys(attrs).length > 0),
      at,
    );
    if (element !== undefined) delete element.attrs[pick(Object.keys(element.attrs), which) ?? ''];
  }),
  fc.tuple(fc.nat(), fc.nat(), value).map(([at, which, text]) => (nodes: Element[]) => {
    const element = pick(
      nodes.filter(({ attrs }) => Object.keys(attrs).length > 0),
      at,
    );
    if (element !== undefined) element.attrs[pick(Object.keys(element.attrs), which) ?? ''] = text;
  }),
  fc.tuple(fc.nat(), value).map(([at, text]) => (nodes: Element[]) => {
    const element = pick(nodes, at);
    if (element !== undefined) element.children = [text as string];
  }),
  fc.tuple(fc.nat(), value).map(([at, text]) => (nodes: Element[]) => {
    pick(nodes, at)?.children.push(text as string);
  }),
  fc.tuple(fc.nat(), name).map(([at, changed]) => (nodes: Element[]) => {
    const element = pick(nodes, at);
    if (element !== undefined) element.name = changed;
  }),
  fc
    .tuple(fc.nat(), fc.constantFrom<keyof Element>('attrs', 'children', 'parent', 'name'), misplaced)
    .map(([at, property, other]) => (nodes: Element[]) => {
      const element = pick(nodes, at);
      if (element !== undefined) Object.assign(element, { [property]: other });
    }),
  // A loop among ancestors.
  fc.tuple(fc.nat(), fc.nat()).map(([at, to]) => (nodes: Element[]) => {
    const element = pick(nodes, at);
    if (element !== undefined) element.parent = pick(nodes, to) ?? null;
  }),
);

/** A sample as a tree after one to three changes, also to things that no parser makes. */
export function mutatedTree(samples: readonly string[]): fc.Arbitrary<Element> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([sample, mutations]) => {
      const root = parseXml(sample);
      // The nodes of the sample as it was: later changes must not trip over what earlier ones misplaced.
      const nodes = elementsIn(root);
      for (const mutate of mutations) mutate(nodes.filter(isIntact));
      return root;
    });
}

function elementsIn(element: Element): Element[] {
  return [element, ...element.children.flatMap((child) => (child instanceof Element ? elementsIn(child) : []))];
}

function isIntact({ attrs, children }: Element): boolean {
  return Object.prototype.toString.call(attrs) === '[object Object]' && Array.isArray(children);
}

function copyOf(child: Element | string): Element | string {
  return child instanceof Element && isIntact(child)
    ? Object.assign(new Element(child.name, child.attrs), { children: [...child.children], parent: child.parent })
    : child;
}
