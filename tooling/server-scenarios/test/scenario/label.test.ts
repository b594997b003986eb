import { expect, test } from 'vitest';
import { describeEachServer } from '../../src/describe-each-server.ts';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';
import { befriend } from '../../src/friends.ts';

describeEachServer('the label of a device', (server) => {
  test('is pushed to contacts with the list, shown when its signature is good, and taken away again (R52, R54)', async () => {
    const [alice, bob] = [await Device.online(server), await Device.online(server)];
    await befriend(alice, bob);
    await alice.say(bob.jid, 'hello');
    await eventually(() => bob.texts).toEqual(['hello']);
    const shown = async () => (await bob.omemo.devices(alice.jid)).map(({ label }) => label);
    expect(await shown()).toEqual([undefined]);
    await alice.omemo.account.setLabel('Ålice’s phone');
    await eventually(shown).toEqual(['Ålice’s phone']);
    await alice.omemo.account.setLabel(undefined);
    await eventually(shown).toEqual([undefined]);
    await bob.say(alice.jid, 'no name, same device');
    await eventually(() => alice.texts).toEqual(['no name, same device']);
  });
});
