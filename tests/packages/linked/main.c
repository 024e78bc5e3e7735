/* Prints the logits of one normalised image, floats on standard input, by the network that is linked in. */
#include <senet/senet.h>
#include <stdio.h>

#include "se_resnet20_cifar.h"

enum { kPixels = SE_RESNET20_CIFAR_CHANNELS * SE_RESNET20_CIFAR_HEIGHT * SE_RESNET20_CIFAR_WIDTH };

int main(void) {
    static float image[kPixels], logits[SE_RESNET20_CIFAR_CLASSES];
    senet_model* model;
    senet_session* session;
    int i;
    if (fread(image, sizeof(float), kPixels, stdin) != kPixels) return 1;
    if (senet_model_open_linked(senet_model_se_resnet20_cifar, NULL, &model) != SENET_OK ||
        senet_session_open(model, NULL, &session) != SENET_OK ||
        senet_session_run_f32(session, 1, image, logits) != SENET_OK) {
        fprintf(stderr, "%s\n", senet_last_message());
        return 1;
    }
    for (i = 0; i < SE_RESNET20_CIFAR_CLASSES; ++i) printf("%.9g\n", logits[i]);
    senet_session_close(session);
    senet_model_close(model);
    return 0;
}
