/** The affiliations whose lists are the recipients of a room (XEP-0384 5.8.1); the rest, `outcast` and `none`, is not kept. */
export const memberAffiliations = ['member', 'admin', 'owner'] as const;
export type MemberAffiliation = (typeof memberAffiliations)[number];
