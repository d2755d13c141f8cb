/* Called by each layer of a network when it is done. */
#ifndef LAYERS_HARNESS_H
#define LAYERS_HARNESS_H

void layer_done(void);

#endif
