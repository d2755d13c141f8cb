/* The application: capture and recognise, switched at run time. */
#ifndef APP_H
#define APP_H

namespace app {

void begin();

/* One turn; never waits. */
void poll();

/* Recognition ends here: a movement that is still going on is told. */
void end_of_stream();

} // namespace app

#endif
