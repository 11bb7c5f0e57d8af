#version 330
in vec4 gl_FragCoord;
out float height;

void main() {
    height = 1.0 - gl_FragCoord.z;
}
