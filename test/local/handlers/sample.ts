/** A function for the tests of the thread that runs functions. */
export const handler = async (event: { readonly act: string }, context: { getRemainingTimeInMillis(): number }) => {
  switch (event.act) {
    case 'environment':
      return { ...process.env };
    case 'time':
      return context.getRemainingTimeInMillis();
    case 'print':
      console.log('printed by the function');
      return null;
    case 'throw':
      throw Object.assign(new Error('no luck'), { name: 'ServiceFault' });
    case 'nothing':
      return undefined;
    case 'die':
      setTimeout(() => {
        throw new Error('out of the blue');
      }, 0);
      return new Promise(() => undefined);
    default:
      return context;
  }
};
