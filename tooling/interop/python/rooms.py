"""Multi-user chats (XEP-0045) in which everybody may see who is who."""
from slixmpp import JID
from slixmpp.exceptions import IqError

JOIN_SECONDS = 15


class Rooms:
    def __init__(self, client):
        self.client, self.muc = client, client["xep_0045"]

    async def join(self, room, nick):
        await self.muc.join_muc_wait(JID(room), nick, maxstanzas=0, timeout=JOIN_SECONDS)

    async def set_affiliation(self, room, jid, affiliation):
        await self.muc.set_affiliation(JID(room), affiliation, jid=JID(jid))

    async def members(self, room):
        """Bare JIDs of all who may be in it, whether they are or not (XEP-0384 5.8)."""
        members = set()
        for affiliation in ("owner", "admin", "member"):
            try:
                members.update(str(jid) for jid in await self.muc.get_affiliation_list(JID(room), affiliation))
            except IqError as error:
                if error.condition != "forbidden":
                    raise
                # Not everybody may read every list; who is here is known all the same.
        for nick in self.muc.get_roster(JID(room)):
            members.add(self.real_jid(JID(f"{room}/{nick}")))
        return sorted(members - {None})

    def real_jid(self, occupant):
        """Bare JID behind an occupant's, or None where the room does not tell."""
        real = self.muc.get_jid_property(JID(occupant.bare), occupant.resource, "jid")
        return JID(real).bare if real else None

    def is_own(self, occupant):
        return self.muc.our_nicks.get(JID(occupant.bare)) == occupant.resource
