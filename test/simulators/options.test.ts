import { describe, expect, test } from 'vitest'
import { durationMs, readOptions } from '../../simulators/options.ts'

const ENV = { ADMIN_PASSWORD: 'secret' }
const optionsOf = (...argv: string[]) => {
  const read = readOptions(argv, ENV)
  if (!('options' in read)) throw new Error(JSON.stringify(read))
  return read.options
}

describe('the command line of the simulator', () => {
  test('a duration without a unit is in seconds', () => {
    expect(durationMs('90')).toBe(90_000)
    expect(durationMs('1.5m')).toBe(90_000)
  })

  test('has a default for everything but the password', () => {
    expect(optionsOf()).toEqual({
      hubUrl: 'http://127.0.0.1:8080',
      mqttUrl: 'mqtt://127.0.0.1:1883',
      username: 'admin',
      password: 'secret',
      devices: 100,
      rate: 6,
      speed: 10,
      seed: 1,
      durationMs: 60_000,
      scenarios: ['daily', 'sos', 'wander', 'fever', 'flat-battery'],
      qos: 1,
      quiet: false,
      json: false,
    })
  })

  test('takes what it is told', () => {
    const argv =
      '--devices 5 --rate 0.5 --speed 60 --seed 9 --duration 10m --scenario sos,fever --qos 0 --quiet --json'
    expect(optionsOf(...argv.split(' '), '--password', 'other')).toMatchObject({
      password: 'other',
      devices: 5,
      rate: 0.5,
      speed: 60,
      seed: 9,
      durationMs: 600_000,
      scenarios: ['sos', 'fever'],
      qos: 0,
      quiet: true,
      json: true,
    })
  })

  test.each([
    ['an option that does not exist', ['--device', '5'], '--device'],
    ['a count that is no number', ['--devices', 'many'], '--devices'],
    ['no devices at all', ['--devices', '0'], '--devices'],
    ['half a device', ['--devices', '1.5'], '--devices'],
    ['a rate of nothing', ['--rate', '0'], '--rate'],
    ['a duration of an unknown unit', ['--duration', '60d'], '--duration'],
    ['a duration of no time', ['--duration', '0s'], '--duration'],
    ['a scenario that nobody wrote', ['--scenario', 'sos,flood'], '--scenario'],
    ['no scenario', ['--scenario', ''], '--scenario'],
    ['QoS 2', ['--qos', '2'], '--qos'],
    ['an MQTT address for HTTP', ['--hub', 'mqtt://127.0.0.1'], '--hub'],
    ['an address that is none', ['--mqtt', 'somewhere'], '--mqtt'],
    ['a value that is missing', ['--seed'], '--seed'],
    ['a word too many', ['now'], 'now'],
  ])('%s is one line that names it', (_reason, argv, named) => {
    const read = readOptions(argv, ENV)
    const error = 'error' in read ? read.error : ''
    expect(error).toContain(named)
    expect(error).not.toContain('\n')
  })

  test('without a password it says where one may come from', () => {
    expect(readOptions([], {})).toEqual({
      error: "--password is needed, or the environment's ADMIN_PASSWORD",
    })
  })

  test('help needs no password', () => {
    const read = readOptions(['--help', '--devices', '3'], {})
    expect('help' in read && read.help).toContain('--scenario <list>')
  })
})
