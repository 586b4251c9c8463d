/** A question before something that cannot be taken back. The box is loaded when first asked for. */

/** true when the person agrees. */
export async function confirmed(question: string): Promise<boolean> {
  const { ask } = await import('./confirmBox')
  return ask(question)
}
