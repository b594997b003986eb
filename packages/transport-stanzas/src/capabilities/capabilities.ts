import { NODE_DEVICES } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { NS_CAPS, NS_DISCO_INFO } from '../namespaces.ts';
import { errorOf, resultOf } from '../stanzas/answers.ts';
import { attribute, xml } from '../stanzas/element.ts';
import { type DiscoIdentity, verificationString } from './verification-string.ts';

/** What OMEMO adds to a client's features: above all that device lists are to be pushed (XEP-0163 4.3.2, R47). */
export const omemoFeatures: readonly string[] = [`${NODE_DEVICES}+notify`];

export interface CapabilitiesOptions {
  /** What the application is; `client/pc` by default. */
  readonly identities?: readonly DiscoIdentity[];
  /** What the application understands besides, by namespace. */
  readonly features?: readonly string[];
  /** A URI that tells the software (XEP-0115 4). */
  readonly node?: string;
}

/** What this client tells others that it is and can do (XEP-0030, XEP-0115), OMEMO and the application's own in one. */
export class Capabilities {
  readonly identities: readonly DiscoIdentity[];
  readonly features: readonly string[];
  readonly node: string;
  readonly #version: string;

  constructor(options: CapabilitiesOptions = {}) {
    this.identities = options.identities ?? [{ category: 'client', type: 'pc' }];
    this.features = [...new Set([NS_CAPS, NS_DISCO_INFO, ...omemoFeatures, ...(options.features ?? [])])].sort();
    this.node = options.node ?? 'https://github.com/omemo-kit/omemo-kit';
    this.#version = verificationString(this.identities, this.features);
  }

  /** The `<c/>` that belongs into every presence to the server; only then it pushes device lists. */
  element(): Element {
    // Servers push PEP events by the hash that is mandatory, sha-1; it protects nothing here.
    return xml('c', { xmlns: NS_CAPS, hash: 'sha-1', node: this.node, ver: this.#version });
  }

  /** The answer to a question for information about this client; undefined when the IQ asks something else. */
  answer(iq: Element): Element | undefined {
    const query = iq.getChild('query', NS_DISCO_INFO);
    if (attribute(iq, 'type') !== 'get' || query === undefined) return undefined;
    const node = attribute(query, 'node');
    if (node !== undefined && node !== `${this.node}#${this.#version}`) return errorOf(iq, 'item-not-found');
    const identities = this.identities.map(({ category, type, name, language }) =>
      xml('identity', { category, type, name, 'xml:lang': language }),
    );
    const features = this.features.map((feature) => xml('feature', { var: feature }));
    return resultOf(iq, xml('query', { xmlns: NS_DISCO_INFO, node }, ...identities, ...features));
  }
}
