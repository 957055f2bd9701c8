// What the desk asks of the hub beside the alarms themselves: work on the way, people, shifts, calls.

import type { WorkBody } from '../../model/alarm-deeds.ts'
import type { SeenCall } from '../../model/call.ts'
import type { Command, NewCommand } from '../../model/command.ts'
import type { Delivery } from '../../model/delivery.ts'
import type { DispatchAction, DispatchOrder, Responder } from '../../model/dispatch.ts'
import type { Alarm, Work } from '../../model/incident.ts'
import type { Presence, PresenceChange } from '../../model/presence.ts'
import type { Contact, Resident } from '../../model/resident.ts'
import type { Reveal, Revealed } from '../../model/reveal.ts'
import type { Shift } from '../../model/shift.ts'
import type { Answer, Http } from '../shell/http.ts'

export type DeskWork = {
  /** Notes on the timeline: a call, a step, a service that takes over. */
  note<W extends Work>(alarmId: string, work: W, body: WorkBody<W>): Promise<Answer<Alarm>>
  responders(alarmId: string): Promise<Answer<Responder[]>>
  /** What whoever was sent says, as the desk heard it. */
  report(dispatchId: string, action: DispatchAction, text?: string): Promise<Answer<DispatchOrder>>
  deliveries(alarmId: string): Promise<Answer<Delivery[]>>
  resend(deliveryId: string): Promise<Answer<Delivery>>
  command(deviceId: string, command: NewCommand): Promise<Answer<Command>>
  reveal(reveal: Reveal): Promise<Answer<Revealed>>
  presence(): Promise<Answer<Presence>>
  say(change: PresenceChange): Promise<Answer<Presence>>
  /** Everybody of the desk; refused to those who are not supervisors. */
  people(): Promise<Answer<Presence[]>>
  /** Hand-overs that nobody has taken yet. */
  shifts(): Promise<Answer<Shift[]>>
  handOver(note: { text: string; toUserId?: string }): Promise<Answer<Shift>>
  takeShift(id: string): Promise<Answer<Shift>>
  takeCall(id: string, residentId?: string): Promise<Answer<SeenCall>>
  raiseFromCall(id: string, about: { residentId?: string | null; text?: string }): Promise<Answer<Alarm>>
  resident(id: string): Promise<Answer<Resident>>
  contacts(residentId: string): Promise<Answer<Contact[]>>
}

type Items<T> = { items: T[] }

export function createWork({ http }: { http: Http }): DeskWork {
  const itemsAt = async <T>(path: string): Promise<Answer<T[]>> => {
    const answer = await http.get<Items<T>>(path)
    return answer.ok ? { ok: true, value: answer.value.items } : answer
  }
  return {
    note: (id, work, body) => http.post(`alarms/${part(id)}/${work.replaceAll('_', '-')}`, body),
    responders: id => itemsAt(`alarms/${part(id)}/responders`),
    report: (id, action, text) =>
      http.post(`dispatches/${part(id)}/${action.replaceAll('_', '-')}`, text === undefined ? {} : { text }),
    deliveries: id => itemsAt(`alarms/${part(id)}/deliveries`),
    resend: id => http.post(`deliveries/${part(id)}/resend`),
    command: (id, command) => http.post(`devices/${part(id)}/commands`, command),
    reveal: body => http.post('reveals', body),
    presence: () => http.get('presence/own'),
    say: change => http.put('presence', change),
    people: () => itemsAt('presence'),
    shifts: () => itemsAt('shifts?state=open&limit=50'),
    handOver: note => http.post('shifts/hand-over', note),
    takeShift: id => http.post(`shifts/${part(id)}/accept`),
    takeCall: (id, residentId) =>
      http.post(`calls/${part(id)}/take`, residentId === undefined ? {} : { residentId }),
    raiseFromCall: (id, about) => http.post(`calls/${part(id)}/alarm`, { kind: 'sos', ...about }),
    resident: id => http.get(`residents/${part(id)}`),
    contacts: id => itemsAt(`contacts?residentId=${part(id)}&limit=99`),
  }
}

const part = encodeURIComponent
