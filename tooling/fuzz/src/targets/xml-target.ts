import { parseXml } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { Draw } from '../draw.ts';
import { mutateText } from '../mutate/text.ts';
import { cloneOf, mutateTree } from '../mutate/tree.ts';
import { wireRefusal } from '../refusals.ts';
import { ACCEPTED, type Input, type OpenTarget, type Outcome } from '../target.ts';

/** Draws XML: a sample with its tree changed three times out of four, else its text. */
export class XmlSamples {
  readonly texts: readonly string[];
  readonly #trees: readonly Element[];
  readonly #others: readonly Element[];

  /** @param samples what is changed. @param others what else parts may come from. */
  constructor(samples: readonly Element[], others: readonly Element[] = []) {
    this.#trees = samples;
    this.#others = [...samples, ...others];
    this.texts = this.#others.map(String);
  }

  draw(draw: Draw): string {
    const at = draw.below(this.#trees.length);
    if (draw.once(4)) return mutateText(draw, this.texts[at]!, this.texts);
    return mutateTree(draw, cloneOf(this.#trees[at]!), this.#others).toString();
  }
}

/** A parser of elements, fed with XML as a connection would hand it on: parsed by our own strict parser. */
export function xmlTarget(samples: XmlSamples, parse: (element: Element) => unknown): OpenTarget {
  return {
    generate: (draw) => samples.draw(draw),
    run: (input) => {
      const element = elementOf(input);
      if (typeof element === 'string') return element;
      try {
        parse(element);
        return ACCEPTED;
      } catch (error) {
        return wireRefusal(error);
      }
    },
  };
}

/** The element that a text is; why it is none when it is not XML. */
export function elementOf(input: Input): Element | Outcome {
  try {
    return parseXml(String(input));
  } catch (error) {
    return `no XML: ${wireRefusal(error)}`;
  }
}
