import { Element, parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { copyElement, xml } from '../../src/index.ts';

describe('copyElement', () => {
  test('keeps the namespace that came from a parent', () => {
    const stream = parse('<stream xmlns="jabber:client"><message><body>hello</body></message></stream>');
    const copy = copyElement(stream.getChild('message')!);
    expect(copy.toString()).toBe('<message xmlns="jabber:client"><body>hello</body></message>');
    expect(copy.parent).toBeNull();
  });

  test('survives nesting that no recursion does', () => {
    const deep = new Element('a');
    let at = deep;
    for (let depth = 0; depth < 200_000; depth++) at = at.c('a');
    let copied = copyElement(deep).getChildElements()[0];
    for (let depth = 1; depth < 200_000; depth++) copied = copied?.children[0] as Element | undefined;
    expect(copied?.name).toBe('a');
  });

  test('a name that is special to JavaScript is no way into a prototype (S48)', () => {
    const source = { name: 'a', attrs: JSON.parse('{"__proto__":"x","b":"c"}'), children: [] };
    const copy = copyElement(source);
    expect(copy.toString()).toBe('<a b="c"/>');
  });

  test('an element of any class is made by whoever wants it', () => {
    const made: string[] = [];
    copyElement(xml('a', {}, xml('b', {}, 'text')), (name, attributes) => {
      made.push(name);
      return new Element(name, attributes);
    });
    expect(made).toEqual(['a', 'b']);
  });
});
