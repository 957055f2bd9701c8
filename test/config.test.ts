import { describe, expect, test } from 'vitest'
import { DEMO_PASSWORD, type Environment, parseConfig } from '../config.ts'
import { HubError } from '../model/error.ts'

const read = (env: Environment = {}, ...argv: string[]) => parseConfig({ argv, env })

describe('configuration', () => {
  test('a hub that is started with nothing set is reachable and embedded', () => {
    expect(read()).toEqual({
      demo: false,
      httpPort: 8080,
      mqttPort: 1883,
      bind: '0.0.0.0',
      dataDir: './data',
      roles: ['broker', 'workers', 'alerts', 'gateway'],
      redisUrl: undefined,
      databaseUrl: undefined,
      influx: undefined,
      historyDays: 366,
      adminPassword: undefined,
      requiresSecondFactor: false,
      logLevel: 'info',
      partitions: 8,
      routineBytesMax: 2_147_483_648,
      diskFreeMinBytes: 1_073_741_824,
      heartbeatUrl: undefined,
      heartbeatEveryMs: 30_000,
      smtp: undefined,
      webhook: undefined,
      webhookAllow: [],
      publicUrl: undefined,
      country: 'CN',
      mapGround: { layers: [], datum: 'wgs84', zoomMax: 18, attribution: null },
      recordingsHost: undefined,
      unused: [],
    })
  })

  test('a demo that others can reach needs a password of its own', () => {
    expect(() => read({ BIND: '0.0.0.0' }, '--demo')).toThrow('set ADMIN_PASSWORD')
    expect(read({}, '--demo')).toMatchObject({ adminPassword: DEMO_PASSWORD, dataDir: './data/demo' })
  })

  test('a demo fills no database that others may be using', () => {
    expect(() => read({ DATABASE_URL: 'postgres://db/shop' }, '--demo')).toThrow(
      'DATABASE_URL is set, and the demo keeps its people to itself; unset it',
    )
    expect(() => read({ REDIS_URL: 'redis://cache' }, '--demo')).toThrow('REDIS_URL is set')
  })

  test('a demo stays on this machine and keeps its terminal readable', () => {
    expect(read({}, '--demo')).toMatchObject({ demo: true, bind: '127.0.0.1', logLevel: 'warn' })
    expect(read({ BIND: '0.0.0.0', LOG_LEVEL: 'debug', ADMIN_PASSWORD: 'own' }, '--demo')).toMatchObject({
      bind: '0.0.0.0',
      logLevel: 'debug',
    })
  })

  test('is frozen, because what it says was checked once', () => {
    expect(Object.isFrozen(read())).toBe(true)
    expect(Object.isFrozen(read().unused)).toBe(true)
  })

  test.each<[variable: Environment, field: object, reason: string]>([
    [{ HTTP_PORT: '0' }, { httpPort: 0 }, 'any free port, for tests'],
    [{ MQTT_PORT: '65535' }, { mqttPort: 65_535 }, 'the last port'],
    [{ HTTP_PORT: '' }, { httpPort: 8080 }, 'empty is how a compose file leaves a variable unset'],
    [{ BIND: '::1' }, { bind: '::1' }, 'IPv6'],
    [{ BIND: 'localhost' }, { bind: 'localhost' }, 'the one name that needs no resolver'],
    [{ DATA_DIR: '/var/lib/an xin' }, { dataDir: '/var/lib/an xin' }, 'a path with a space'],
    [{ ADMIN_PASSWORD: 'p w' }, { adminPassword: 'p w' }, 'passwords are taken as they are'],
    [{ REQUIRE_TWO_FACTOR: 'staff' }, { requiresSecondFactor: true }, 'demanded'],
    [{ PARTITIONS: '64' }, { partitions: 64 }, 'the most'],
    [{ DISK_FREE_MIN_BYTES: '0' }, { diskFreeMinBytes: 0 }, 'no disk alarm'],
    [{ ROUTINE_BYTES_MAX: '1048576' }, { routineBytesMax: 1_048_576 }, 'the least'],
    [
      { HEARTBEAT_URL: 'https://hc.example/x' },
      { heartbeatUrl: 'https://hc.example/x' },
      'a dead-man switch',
    ],
    [{ COUNTRY: 'HK' }, { country: 'HK' }, 'numbers of Hong Kong'],
    [
      { RECORDINGS_HOST: 'PBX.example:8443' },
      { recordingsHost: 'pbx.example:8443' },
      'recordings with a port, whatever its capitals',
    ],
    [
      { MAP_TILES_URL: 'https://t.example/{z}/{x}/{-y}.png', MAP_DATUM: 'gcj02', MAP_ZOOM_MAX: '16' },
      {
        mapGround: {
          layers: ['https://t.example/{z}/{x}/{-y}.png'],
          datum: 'gcj02',
          zoomMax: 16,
          attribution: null,
        },
      },
      'tiles of a datum of their own',
    ],
    [
      { MAP_ATTRIBUTION: '自有地图' },
      { mapGround: { layers: [], datum: 'wgs84', zoomMax: 18, attribution: '自有地图' } },
      'no tiles',
    ],
    [{ HEARTBEAT_EVERY_MS: '1000' }, { heartbeatEveryMs: 1_000 }, 'every second'],
    [
      { ROLES: 'gateway,alerts, workers,broker' },
      { roles: ['broker', 'workers', 'alerts', 'gateway'] },
      'all roles are what a hub has anyway',
    ],
    [
      { ROLES: 'alerts,workers', REDIS_URL: 'redis://r', DATABASE_URL: 'postgres://p' },
      { roles: ['workers', 'alerts'], redisUrl: 'redis://r', databaseUrl: 'postgres://p' },
      'a part of the hub, in the order of the river',
    ],
    [{ REDIS_URL: 'rediss://u:p@r:6380' }, { routineBytesMax: 536_870_912 }, 'memory costs more than disk'],
    [{ REDIS_URL: 'redis://a, redis://b' }, { redisUrl: 'redis://a, redis://b' }, 'seeds of a cluster'],
    [{ DATABASE_URL: 'postgresql:///anxin' }, { databaseUrl: 'postgresql:///anxin' }, 'the other scheme'],
    [
      { INFLUX_URL: 'http://influx:8086', INFLUX_TOKEN: 't', INFLUX_BUCKET: 'b' },
      { influx: { url: 'http://influx:8086', token: 't', org: 'anxin', bucket: 'b' } },
      'a history database',
    ],
    [
      { SMTP_URL: 'smtps://desk:p%40ss@mail.example.com?from=desk@example.com' },
      {
        smtp: {
          host: 'mail.example.com',
          port: 465,
          security: 'tls',
          user: 'desk',
          password: 'p@ss',
          from: 'desk@example.com',
        },
      },
      'mail, with a password that has its own sign',
    ],
    [
      { SMTP_URL: 'smtp://10.0.0.3:25?from=desk@example.com&tls=none' },
      { smtp: { host: '10.0.0.3', port: 25, security: 'none', from: 'desk@example.com' } },
      'a mail server of the house',
    ],
    [
      { WEBHOOK_URL: 'https://hooks.example.com/a', WEBHOOK_SECRET: 'a secret of tests' },
      { webhook: { url: 'https://hooks.example.com/a', secret: 'a secret of tests' } },
      'a receiver of all alarms',
    ],
    [
      {
        WEBHOOK_URL: 'https://hooks.example.com/a',
        WEBHOOK_SECRET: 'a secret of tests',
        WEBHOOK_PER_MINUTE: '90',
      },
      { webhook: { perMinute: 90 } },
      'a receiver that takes so many a minute',
    ],
    [
      { SMTP_URL: 'smtp://mail.example.com?from=desk@example.com&perMinute=600' },
      { smtp: { perMinute: 600 } },
      'a mail server that takes more than others',
    ],
    [{ WEBHOOK_ALLOW: '10.1.0.0/16, hooks' }, { webhookAllow: ['10.1.0.0/16', 'hooks'] }, 'receivers inside'],
    [{ HISTORY_DAYS: '31' }, { historyDays: 31 }, 'a month of charts, on a small disk'],
    [{ MQTTS_PORT: 'off' }, { unused: [] }, 'off is what it is'],
    [
      { MQTTS_PORT: '8883', WATCH_PORT: '5093' },
      { unused: ['MQTTS_PORT', 'WATCH_PORT'] },
      'told, not hidden',
    ],
  ])('takes %o as %o: %s', (env, field) => {
    expect(read(env)).toMatchObject(field)
  })

  test.each<[variable: Environment, line: string, reason: string]>([
    [{ HTTP_PORT: '65536' }, 'HTTP_PORT is "65536"; allowed: a port from 0 to 65535', 'too high'],
    [{ HTTP_PORT: '-1' }, 'HTTP_PORT is "-1"; allowed: a port from 0 to 65535', 'negative'],
    [{ MQTT_PORT: '0x75b' }, 'MQTT_PORT is "0x75b"; allowed: a port from 0 to 65535', 'no other notation'],
    [{ MQTT_PORT: ' ' }, 'MQTT_PORT is " "; allowed: a port from 0 to 65535', 'a blank is not zero'],
    [{ BIND: 'desk' }, 'BIND is "desk"; allowed: an IP address of this machine, or localhost', 'no resolver'],
    [{ PARTITIONS: '0' }, 'PARTITIONS is "0"; allowed: a number from 1 to 64', 'none'],
    [{ PARTITIONS: '65' }, 'PARTITIONS is "65"; allowed: a number from 1 to 64', 'too many'],
    [{ PARTITIONS: '1.5' }, 'PARTITIONS is "1.5"; allowed: a number from 1 to 64', 'not whole'],
    [
      { ROUTINE_BYTES_MAX: '2G' },
      'ROUTINE_BYTES_MAX is "2G"; allowed: a number of bytes from 1048576 to 562949953421312',
      'bytes, not a size with a unit',
    ],
    [{ REQUIRE_TWO_FACTOR: 'yes' }, 'REQUIRE_TWO_FACTOR is "yes"; allowed: off, staff', 'unknown'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud"; allowed: debug, info, warn, error, silent', 'unknown'],
    [
      { HEARTBEAT_URL: 'file:///x' },
      'HEARTBEAT_URL is not allowed; allowed: an http or https URL',
      'not http',
    ],
    [
      { SMTP_URL: 'smtp://desk:secret@mail.example.com' },
      'SMTP_URL is not allowed; allowed: a URL such as smtp://user:password@mail.example.com:587?from=desk@example.com',
      'nobody to be from, and its password must not be repeated',
    ],
    [
      { WEBHOOK_URL: 'https://hooks.example.com/' },
      'WEBHOOK_URL is set, but WEBHOOK_SECRET is not; set both or neither',
      'nobody could tell who it is from',
    ],
    [
      { WEBHOOK_URL: 'https://hooks.example.com/', WEBHOOK_SECRET: 'short' },
      'WEBHOOK_SECRET is not allowed; allowed: at least 16 characters',
      'it would be guessed',
    ],
    [
      { WEBHOOK_URL: 'https://a.example/', WEBHOOK_SECRET: 'a secret of tests', WEBHOOK_PER_MINUTE: '1' },
      'WEBHOOK_PER_MINUTE is "1"; allowed: a number from 2 to 600000',
      'an emergency would wait behind the one',
    ],
    [
      { WEBHOOK_PER_MINUTE: '90' },
      'WEBHOOK_PER_MINUTE is set, but WEBHOOK_URL is not; set both or neither',
      'of which receiver',
    ],
    [
      { SMTP_URL: 'smtp://mail.example.com?from=desk@example.com&perMinute=many' },
      'SMTP_URL is not allowed; allowed: a URL such as smtp://user:password@mail.example.com:587?from=desk@example.com',
      'not a number of messages',
    ],
    [
      { WEBHOOK_ALLOW: '10.0.0.0/8;hooks' },
      'WEBHOOK_ALLOW is "10.0.0.0/8;hooks"; allowed: addresses, blocks such as 10.1.0.0/16 and names, by commas',
      'no list',
    ],
    [
      { COUNTRY: 'XX' },
      'COUNTRY is "XX"; allowed: CN, HK, MO, TW, SG, MY, JP, KR, US, CA, GB, DE, FR, AU',
      'no country whose numbers are known',
    ],
    [
      { MAP_TILES_URL: 'https://{s}.example/{z}/{x}/{y}.png' },
      'MAP_TILES_URL is "https://{s}.example/{z}/{x}/{y}.png"; allowed: a URL with {z}, {x} and {y}, such as https://tiles.example.com/{z}/{x}/{y}.png',
      'a policy cannot name servers that it does not know',
    ],
    [
      { MAP_DATUM: 'gcj02' },
      'MAP_DATUM is set, but MAP_TILES_URL is not; set both or neither',
      'the datum of nothing',
    ],
    [
      { MAP_TIANDITU_KEY: 'abcdef0123456789', MAP_TILES_URL: 'https://t.example/{z}/{x}/{y}.png' },
      'MAP_TILES_URL and MAP_TIANDITU_KEY are two maps; set one of them',
      'which of them?',
    ],
    [
      { MAP_TIANDITU_KEY: 'a b' },
      'MAP_TIANDITU_KEY is not allowed; allowed: a key of Tianditu, such as 0123456789abcdef0123456789abcdef',
      'a key is not repeated',
    ],
    [
      { RECORDINGS_HOST: 'https://pbx.example/' },
      'RECORDINGS_HOST is "https://pbx.example/"; allowed: a host such as pbx.example.com or pbx.example.com:8443',
      'a URL and no host',
    ],
    [{ HEARTBEAT_URL: 'null' }, 'HEARTBEAT_URL is not allowed; allowed: an http or https URL', 'no URL'],
    [
      { HEARTBEAT_URL: 'https://user:secret@hc.example/x' },
      'HEARTBEAT_URL is not allowed; allowed: a URL without user and password',
      'it could not be called, and its password must not be repeated',
    ],
    [
      { ADMIN_PASSWORD: 'x'.repeat(1_001) },
      'ADMIN_PASSWORD is not allowed; allowed: at most 1000 characters',
      'a password is never repeated',
    ],
    [
      { REDIS_URL: 'http://:secret@x' },
      'REDIS_URL is not allowed; allowed: one or more redis:// or rediss:// URLs, separated by commas; / # ? and % of a password are written %2F %23 %3F %25',
      'another protocol, and its password must not be repeated',
    ],
    [
      { REDIS_URL: 'redis' },
      'REDIS_URL is not allowed; allowed: one or more redis:// or rediss:// URLs, separated by commas; / # ? and % of a password are written %2F %23 %3F %25',
      'no URL',
    ],
    [
      { DATABASE_URL: 'mysql://x' },
      'DATABASE_URL is not allowed; allowed: a postgres:// URL; / # ? and % of a password are written %2F %23 %3F %25',
      'another database',
    ],
    [
      { INFLUX_URL: 'influx:8086' },
      'INFLUX_URL is not allowed; allowed: an http or https URL',
      'a URL has a protocol',
    ],
    [
      { INFLUX_URL: 'http://user:secret@influx:8086' },
      'INFLUX_URL is not allowed; allowed: a URL without user and password',
      'there is a token for that',
    ],
    [
      { INFLUX_TOKEN: 'secret' },
      'INFLUX_TOKEN is set, but INFLUX_URL is not; set both or neither',
      'the history would be elsewhere',
    ],
    [{ HISTORY_DAYS: '0' }, 'HISTORY_DAYS is "0"; allowed: days from 1 to 3650', 'none'],
    [
      { ROLES: 'workers', DATABASE_URL: 'postgres://p' },
      'ROLES is "workers", a part of a hub, which needs engines that all its processes share; set REDIS_URL',
      'its log would be its own',
    ],
    [
      { ROLES: 'broker' },
      'ROLES is "broker", a part of a hub, which needs engines that all its processes share; set REDIS_URL and DATABASE_URL',
      'likewise',
    ],
    [
      { ROLES: 'worker' },
      'ROLES is "worker"; allowed: some of broker,workers,alerts,gateway',
      'a slip of the pen must not start a hub without workers',
    ],
  ])('refuses %o with one line: %s', (env, line) => {
    expect(() => read(env)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: line }))
    expect(line).not.toContain('\n')
  })

  test('refuses an argument that it does not know', () => {
    expect(() => read({}, '--demo', '--fast')).toThrow(HubError)
    expect(() => read({}, '--fast')).toThrow('unknown argument --fast; allowed: --demo')
  })
})
