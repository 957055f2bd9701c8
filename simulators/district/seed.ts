// Puts a district into a hub through its HTTP API, as an administrator would. A second run against the same hub
// finds everything there; only the wearables are replaced, because a secret is shown once. So two simulators
// that run at the same time need different seeds.

import { z } from 'zod'
import { type ErrorCode, HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import type { Client } from '../client.ts'
import type { District } from './district.ts'
import type { Household } from './household.ts'

/** A wearable as the hub knows it: what it signs in with, and whose it is. */
export type IssuedDevice = { id: string; secret: string; household: Household }

export type Seeded = {
  devices: IssuedDevice[]
  created: number
  /** Objects that an earlier run had left. */
  found: number
  /** Elders whom somebody has archived since: they are left in peace. */
  archived: number
  /** Behind the ids of wearables that could not have their own, because an earlier run had taken it. */
  suffix?: string
}

type Registry = Pick<Client, 'get' | 'post' | 'patch' | 'delete'>

export type SeedRequest = {
  client: Registry
  district: District
  /** Tells this run from others: becomes part of the ids of replaced wearables. `[A-Za-z0-9]`, at most 12. */
  run: string
  onProgress?(done: number, total: number): void
}

/** Requests under way at a time. */
const CONCURRENCY = 8

const wornSchema = z.object({ items: z.array(z.object({ id: idSchema })) })
const issuedSchema = z.object({ device: z.object({ id: idSchema }), secret: z.string().min(1) })

/** Seeds the district. @throws HubError when the hub refuses anything but what is there already. */
export async function seedDistrict({ client, district, run, onProgress }: SeedRequest): Promise<Seeded> {
  const seeded: Seeded = { devices: [], created: 0, found: 0, archived: 0 }
  const put = putter(client, seeded)
  for (const area of district.areas) await put('/areas', area)
  let done = 0
  await eachOf(district.households, CONCURRENCY, async household => {
    const { resident, contacts, zone } = household
    const isNew = await put('/residents', resident)
    if (isNew || (await isLive(client, `/residents/${resident.id}`))) {
      for (const contact of contacts) await put('/contacts', contact)
      if (!(await put('/zones', zone))) await restoreFence(client, household)
      seeded.devices.push(await issue(client, household, run, seeded))
    } else seeded.archived++
    onProgress?.(++done, district.households.length)
  })
  const numbers = new Map(district.households.map(({ device }, i) => [device.id, i]))
  const numberOf = ({ household }: IssuedDevice) => numbers.get(household.device.id) ?? 0
  seeded.devices.sort((a, b) => numberOf(a) - numberOf(b))
  return seeded
}

/** Posts an object and counts it; false when it was there. */
function putter(client: Registry, seeded: Seeded) {
  return async (path: string, body: object): Promise<boolean> => {
    const isNew = await unless('CONFLICT', client.post(path, body))
    if (isNew) seeded.created++
    else seeded.found++
    return isNew
  }
}

/** Registers the wearable, under another id when an earlier run has taken its own. */
async function issue(client: Registry, household: Household, run: string, seeded: Seeded) {
  const { device } = household
  const post = async (id: string): Promise<IssuedDevice> => {
    const issued = issuedSchema.parse(await client.post('/devices', { ...device, id }))
    seeded.created++
    return { id: issued.device.id, secret: issued.secret, household }
  }
  if (seeded.suffix === undefined) {
    try {
      return await post(device.id)
    } catch (error) {
      if (!isProblem(error, 'CONFLICT')) throw error
      seeded.suffix = `-${run}`
    }
  }
  await archiveEarlier(client, household)
  return post(device.id + seeded.suffix)
}

/** Nobody has the secrets of earlier runs any more: their wearables would only be silent for ever. */
async function archiveEarlier(client: Registry, { device }: Household): Promise<void> {
  const { items } = wornSchema.parse(await client.get(`/devices?residentId=${device.residentId}`))
  const earlier = items.filter(({ id }) => id === device.id || id.startsWith(`${device.id}-`))
  for (const { id } of earlier) await client.delete(`/devices/${id}`)
}

/** What is owed hangs on the fence: one that somebody moved goes back, one that was archived stays so. */
async function restoreFence(client: Registry, { zone }: Household): Promise<void> {
  await unless('NOT_FOUND', client.patch(`/zones/${zone.id}`, { shape: zone.shape, dwellMs: zone.dwellMs }))
}

const isLive = (client: Registry, path: string): Promise<boolean> => unless('NOT_FOUND', client.get(path))

/** True when it was done, false when the hub said this; throws what else it says. */
async function unless(code: ErrorCode, request: Promise<unknown>): Promise<boolean> {
  try {
    await request
    return true
  } catch (error) {
    if (isProblem(error, code)) return false
    throw error
  }
}

const isProblem = (error: unknown, code: ErrorCode): boolean =>
  error instanceof HubError && error.code === code

/** Runs `work` over the items, so many at a time; the first failure ends it. */
async function eachOf<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
