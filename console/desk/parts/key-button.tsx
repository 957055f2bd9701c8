// A button that shows its key, and the key that presses it: the two cannot differ.

import { Button, type ButtonProps } from 'antd'
import type { ReactNode } from 'react'
import { DESK_KEYS, drawnKey, type KeyId } from '../keys/table.ts'
import { useKey } from '../keys/use-keys.tsx'

type Props = Pick<ButtonProps, 'type' | 'size' | 'danger' | 'className' | 'title'> & {
  does: KeyId
  /** Of several that are the same one has the key. */
  keyed?: boolean
  disabled?: boolean
  onPress(): void
  children: ReactNode
}

export function KeyButton(props: Props) {
  const { does, keyed = true, disabled = false, onPress, children, className = '', ...look } = props
  useKey(does, disabled || !keyed ? undefined : onPress)
  return (
    <Button
      {...look}
      className={`key-button does-${does} ${className}`}
      disabled={disabled}
      onClick={onPress}
    >
      {children}
      {keyed && <Hint does={does} />}
    </Button>
  )
}

/** The key as it stands on a button. */
export const Hint = ({ does, nth = 0 }: { does: KeyId; nth?: number }) => (
  <kbd>{drawnKey(DESK_KEYS[does].keys[nth] ?? '')}</kbd>
)

/** The same for a button of the plain kind. */
export function PlainKeyButton({
  does,
  onPress,
  className = '',
  pressed,
  title,
  children,
}: {
  does: KeyId
  onPress(): void
  className?: string
  pressed?: boolean
  title?: string
  children: ReactNode
}) {
  useKey(does, onPress)
  return (
    <button
      type="button"
      className={`plain-button does-${does} ${className}`}
      aria-pressed={pressed}
      title={title}
      onClick={onPress}
    >
      {children}
      <Hint does={does} />
    </button>
  )
}
