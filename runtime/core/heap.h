// The few objects that outlive a call, from malloc: the library has no C++ runtime under it, so no operator new.
#pragma once

#include <cstdlib>
#include <new>

namespace senet {

// nullptr when memory is out. <new>'s placement form is inline: no symbol of libstdc++.
template <typename T>
T* make() {
    void* memory = malloc(sizeof(T));
    return memory ? new (memory) T() : nullptr;
}

template <typename T>
void destroy(T* object) {
    if (object == nullptr) return;
    object->~T();
    free(object);
}

// Owns a T until release().
template <typename T>
class Owned {
  public:
    explicit Owned(T* object) : object_(object) {}
    ~Owned() { destroy(object_); }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;

    T* get() const { return object_; }
    T* release() {
        T* object = object_;
        object_ = nullptr;
        return object;
    }

  private:
    T* object_;
};

}  // namespace senet
