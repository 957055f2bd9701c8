// Places in the frame that a screen fills from where it stands: what the desk knows is in the bar on every screen.

import { createContext, type ReactNode, useContext } from 'react'
import { createPortal } from 'react-dom'

/**
 * `state`: is it live, can it be heard. `tools`: what else the desk has there. `strip`: a line below the bar.
 * `over`: above whatever is open. */
export type SlotName = 'state' | 'tools' | 'strip' | 'over'
export type Slots = Readonly<Record<SlotName, HTMLElement | null>>

export const NO_SLOTS: Slots = { state: null, tools: null, strip: null, over: null }

const SlotsContext = createContext(NO_SLOTS)
export const SlotsProvider = SlotsContext.Provider

/** Its children appear in the frame's place of that name. */
export function InSlot({ name, children }: { name: SlotName; children: ReactNode }) {
  const place = useContext(SlotsContext)[name]
  return place && createPortal(children, place)
}
