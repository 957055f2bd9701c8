// A part of the screen that breaks says so in its own place; everything beside it goes on. An alarm that
// cannot be drawn must not take the queue with it.

import { Component, type ReactNode } from 'react'

type Props = {
  /** What stands in its place. */
  broken: ReactNode
  /** Gives it another chance whenever it changes. */
  of: unknown
  children: ReactNode
}

export class Guard extends Component<Props, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.failed && before.of !== this.props.of) this.setState({ failed: false })
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.broken : this.props.children
  }
}
