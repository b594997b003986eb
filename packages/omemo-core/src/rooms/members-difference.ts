/** Who became a member of a room, and who ceased to be one: bare JIDs. */
export interface MembersDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}
