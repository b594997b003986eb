/** The bare JID of any JID, in lower case: enough of a normal form for the accounts of a test. */
export function bareOf(jid: string): string {
  const slash = jid.indexOf('/');
  return (slash < 0 ? jid : jid.slice(0, slash)).toLowerCase();
}

/** What stands behind the first slash, or undefined for a bare JID. */
export function resourceOf(jid: string): string | undefined {
  const slash = jid.indexOf('/');
  return slash < 0 ? undefined : jid.slice(slash + 1);
}

export function domainOf(jid: string): string {
  const bare = bareOf(jid);
  return bare.slice(bare.indexOf('@') + 1);
}

/** A full JID with its bare part in lower case; a bare JID stays one. */
export function normalizeJid(jid: string): string {
  const resource = resourceOf(jid);
  return resource === undefined ? bareOf(jid) : `${bareOf(jid)}/${resource}`;
}
