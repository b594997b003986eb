import { LOOPBACK } from './free-ports.ts';
import type { Site } from './start-server.ts';

/** A server for tests: loopback only, no TLS, no other servers, everything archived. JSON is YAML. */
export function ejabberdConfig({ domains, mucDomain, c2sPort, httpPort, maxItems }: Site): string {
  const listener = { ip: LOOPBACK, tls: false };
  const config = {
    hosts: domains,
    loglevel: 'info',
    listen: [
      { ...listener, port: c2sPort, module: 'ejabberd_c2s', max_stanza_size: 1024 * 1024, access: 'c2s' },
      {
        ...listener,
        port: httpPort,
        module: 'ejabberd_http',
        request_handlers: { '/xmpp-websocket': 'ejabberd_http_ws' },
      },
    ],
    acl: { local: { user_regexp: '' } },
    access_rules: {
      c2s: { allow: 'all' },
      pubsub_createnode: { allow: 'local' },
      muc_create: { allow: 'local' },
    },
    // No rates are limited, as there is no shaper.
    auth_method: 'internal',
    auth_password_format: 'scram',
    modules: {
      mod_blocking: {},
      mod_caps: {},
      mod_carboncopy: {},
      mod_disco: {},
      mod_mam: { assume_mam_usage: true, default: 'always' },
      mod_muc: {
        host: mucDomain,
        access_create: 'muc_create',
        access_mam: 'muc_create',
        default_room_options: { anonymous: false, members_only: true, persistent: true, mam: true },
      },
      mod_offline: {},
      mod_ping: {},
      mod_privacy: {},
      mod_private: {},
      mod_pubsub: { access_createnode: 'pubsub_createnode', plugins: ['flat', 'pep'], max_items_node: maxItems },
      mod_roster: {},
      mod_stream_mgmt: {},
      mod_time: {},
      mod_vcard: {},
      mod_version: {},
    },
  };
  return JSON.stringify(config, undefined, 2);
}
