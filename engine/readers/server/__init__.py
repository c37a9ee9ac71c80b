"""Pages read by an inference engine elsewhere that speaks OpenAI's protocol: vLLM, llama.cpp, Ollama …"""
